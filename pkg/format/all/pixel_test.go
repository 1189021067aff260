package all_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/collect"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/format/mapping/mappingtest"
	"github.com/omnicapi/omnicapi/pkg/format/metaopenbridge"
	"github.com/omnicapi/omnicapi/pkg/format/metapixel"
	"github.com/omnicapi/omnicapi/pkg/format/stape"
)

// TestOpenBridgeLists: shops that pass lists to the pixel as JSON in a text; a direct visit has no referrer.
func TestOpenBridgeLists(t *testing.T) {
	out, err := mappingtest.MapOne(metaopenbridge.Mapper{}, `{"event_name":"Purchase","website_context":{"location":"https://shop.example.com/"},"custom_data":{"content_ids":"[\"1\",\"2\"]","contents":"[{\"id\":\"1\",\"quantity\":2}]","value":5,"note":"[1]"}}`, "")
	if err != nil || len(out.Dropped) > 0 {
		t.Fatal(err, out.Dropped)
	}
	if m := mappingtest.Members(out); m["content_ids"] != `["1","2"]` || m["note"] != `"[1]"` || mappingtest.ContentsText(out) != "1 2 " || string(out.Event.Custom.Value) != "5" {
		t.Errorf("%v %q", m, mappingtest.ContentsText(out))
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
		out, err := mappingtest.MapOne(metapixel.Mapper{}, item, "")
		if err != nil {
			t.Errorf("%s: %v", item, err)
		}
		if diff := cmp.Diff(want, mappingtest.Members(out)); diff != "" {
			t.Errorf("%s: %s", item, diff)
		}
	}
}

// TestVisitorsClock: whichever way a page sends its events, a clock that runs ahead is held to the arrival; a server's is
// left to the check of all events.
func TestVisitorsClock(t *testing.T) {
	for item, m := range map[string]mapping.Mapper{
		`{"ev":"Lead","ts":"1795430000000"}`:                  metapixel.Mapper{},
		`{"event_name":"Lead","event_time":1795430000}`:       metaopenbridge.Mapper{},
		`{"event_name":"Lead","event_time":1795430000.5}`:     collect.Mapper{},
		`{"event_name":"Lead","event_time":"1795430000"}`:     stape.Mapper{},
		`{"event_name":"Lead","event_time":1795430000,"a":1}`: collect.Mapper{},
	} {
		out, err := mappingtest.MapOne(m, item, "")
		if err != nil || out.Event.Time != 1795426200 {
			t.Errorf("%T of a page: %d %v", m, out.Event.Time, err)
		}
		switch m.(type) {
		case collect.Mapper, stape.Mapper:
			if out, err = mappingtest.MapOne(m, item, `{"server":true}`); err != nil || out.Event.Time != 1795430000 {
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
		out, err := mappingtest.MapOne(metapixel.Mapper{}, item, "")
		if err != nil || out.Event.Time != want {
			t.Errorf("%q: %d %v, want %d", ts, out.Event.Time, err, want)
		}
	}
}

// TestPixelCookies: the pixel's word for a cookie goes before the header's, if it is such a cookie.
func TestPixelCookies(t *testing.T) {
	for fbp, want := range map[string]string{"fb.1.2.3": "fb.1.2.3", "fb.1.2": "fb.1.1.7", "": "fb.1.1.7"} {
		out := &mapping.Output{}
		raw := &event.Raw{Item: []byte(`{"ev":"Lead","fbp":"` + fbp + `"}`), Headers: []byte(`{"cookie":"_fbp=fb.1.1.7"}`)}
		if err := (metapixel.Mapper{}).Map(&mapping.Input{Raw: raw}, out); err != nil || string(out.Browser.Fbp) != want {
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
	f.Fuzz(func(t *testing.T, item []byte) { mappingtest.MapsAnything(t, metapixel.Mapper{}, item, nil) })
}
