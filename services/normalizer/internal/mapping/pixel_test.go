package mapping

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// mapOne maps an item of a format and returns the output.
func mapOne(m Mapper, item, context string) (*Output, error) {
	out := &Output{}
	raw := &event.Raw{Time: time.Unix(1795426200, 0), Item: []byte(item), IP: []byte("203.0.113.24")}
	if context != "" {
		raw.Context = []byte(context)
	}
	err := m.Map(&Input{Raw: raw, Zone: time.UTC}, out)
	return out, err
}

// members are an event's other members of custom_data.
func members(out *Output) map[string]string {
	got := map[string]string{}
	for _, m := range out.Event.Custom.Members {
		got[string(m.Key)] = string(m.Value)
	}
	return got
}

// TestOpenBridgeLists: shops that pass lists to the pixel as JSON in a text; a direct visit has no referrer.
func TestOpenBridgeLists(t *testing.T) {
	out, err := mapOne(openBridgeMapper{}, `{"event_name":"Purchase","website_context":{"location":"https://shop.example.com/"},"custom_data":{"content_ids":"[\"1\",\"2\"]","contents":"[{\"id\":\"1\",\"quantity\":2}]","value":5,"note":"[1]"}}`, "")
	if err != nil || len(out.Dropped) > 0 {
		t.Fatal(err, out.Dropped)
	}
	if m := members(out); m["content_ids"] != `["1","2"]` || m["note"] != `"[1]"` || contentsText(out) != "1 2 " || string(out.Event.Custom.Value) != "5" {
		t.Errorf("%v %q", m, contentsText(out))
	}
}

// TestPixelCustom: the ways in which lists, objects and numbers come in fields.
func TestPixelCustom(t *testing.T) {
	for item, want := range map[string]map[string]string{
		`{"cd[content_ids]":"a, b,,c"}`:                      {"content_ids": `["a","b","c"]`},
		`{"cd[content_ids]":"[1,\"b\"]"}`:                    {"content_ids": `["1","b"]`},
		`{"cd[content_ids]":["a","b"]}`:                      {"content_ids": `["a","b"]`},
		`{"cd[content_ids]":"[a"}`:                           {"content_ids": `["[a"]`},
		`{"cd[num_items]":"3","cd[content_name]":"[Mug"}`:    {"num_items": "3", "content_name": `"[Mug"`},
		`{"cd[x]":"{\"a\":[1,{\"b\":null}]}","cd[y]":["z"]}`: {"x": `{"a":[1,{"b":null}]}`, "y": `"z"`},
		`{"cd[a][b]":"1","cd[]":"2","cd[":"3"}`:              {},
	} {
		out, err := mapOne(pixelMapper{}, item, "")
		if err != nil {
			t.Errorf("%s: %v", item, err)
		}
		if diff := cmp.Diff(want, members(out)); diff != "" {
			t.Errorf("%s: %s", item, diff)
		}
	}
}

// TestVisitorsClock: whichever way a page sends its events, a clock that runs ahead is held to the arrival; a server's is
// left to the check of all events.
func TestVisitorsClock(t *testing.T) {
	for item, m := range map[string]Mapper{
		`{"ev":"Lead","ts":"1795430000000"}`:                  pixelMapper{},
		`{"event_name":"Lead","event_time":1795430000}`:       openBridgeMapper{},
		`{"event_name":"Lead","event_time":1795430000.5}`:     collectMapper{},
		`{"event_name":"Lead","event_time":"1795430000"}`:     stapeMapper{},
		`{"event_name":"Lead","event_time":1795430000,"a":1}`: collectMapper{},
	} {
		out, err := mapOne(m, item, "")
		if err != nil || out.Event.Time != 1795426200 {
			t.Errorf("%T of a page: %d %v", m, out.Event.Time, err)
		}
		switch m.(type) {
		case collectMapper, stapeMapper:
			if out, err = mapOne(m, item, `{"server":true}`); err != nil || out.Event.Time != 1795430000 {
				t.Errorf("%T of a server: %d %v", m, out.Event.Time, err)
			}
		}
	}
}

// TestPixelTime: a visitor's clock that runs ahead is held to the arrival, one that runs behind is believed.
func TestPixelTime(t *testing.T) {
	for ts, want := range map[string]int64{"1795426200999": 1795426200, "1795430000000": 1795426200, "1795420000000": 1795420000, "": 1795426200} {
		item := `{"ev":"Lead"}`
		if ts != "" {
			item = `{"ev":"Lead","ts":"` + ts + `"}`
		}
		out, err := mapOne(pixelMapper{}, item, "")
		if err != nil || out.Event.Time != want {
			t.Errorf("%q: %d %v, want %d", ts, out.Event.Time, err, want)
		}
	}
}

// TestPixelCookies: the pixel's word for a cookie goes before the header's, if it is such a cookie.
func TestPixelCookies(t *testing.T) {
	for fbp, want := range map[string]string{"fb.1.2.3": "fb.1.2.3", "fb.1.2": "fb.1.1.7", "": "fb.1.1.7"} {
		out := &Output{}
		raw := &event.Raw{Item: []byte(`{"ev":"Lead","fbp":"` + fbp + `"}`), Headers: []byte(`{"cookie":"_fbp=fb.1.1.7"}`)}
		if err := (pixelMapper{}).Map(&Input{Raw: raw}, out); err != nil || string(out.Browser.Fbp) != want {
			t.Errorf("%q: %s %v", fbp, out.Browser.Fbp, err)
		}
	}
}

func FuzzPixelMapper(f *testing.F) {
	for _, seed := range []string{
		`{"ev":"AddToCart","ts":"1795426200000","cd[contents]":"[{\"id\":1}]","cd[content_ids]":["a","b"],"ud[em]":"x","fbp":"fb.1.1.1"}`,
		`{"ev":["a"],"ts":["1"],"dl":["x"],"cd[contents]":["{}","["],"dpo":"LDU","dpoco":"1","udff[ph]":["1"]}`, `[]`, `{"cd[value]":["1","2"]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, item []byte) { mapsAnything(t, pixelMapper{}, item, nil) })
}

// mapsAnything holds that a mapper neither panics on an item and context nor makes members that are no JSON.
func mapsAnything(t *testing.T, m Mapper, item, context []byte) {
	t.Helper()
	if jsonscan.Check(item, jsonscan.Limits{}) != nil || context != nil && jsonscan.Check(context, jsonscan.Limits{}) != nil {
		return
	}
	out, err := mapOne(m, string(item), string(context))
	if err != nil {
		return
	}
	for _, member := range out.Event.Custom.Members {
		if jsonscan.Check(member.Value, jsonscan.Limits{Depth: 64}) != nil {
			t.Errorf("member %s is no JSON: %s", member.Key, member.Value)
		}
	}
}
