package mapfile

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/capi"
)

var update = flag.Bool("update", false, "write golden files")

// berlin is the zone of the source, which mappings override.
var berlin = func() *time.Location {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return zone
}()

func mustParse(t testing.TB, mapping string) *Mapping {
	t.Helper()
	m, err := Parse([]byte(mapping))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// rows splits a file and keeps all of it.
func rows(t testing.TB, m *Mapping, k Kind, file []byte) []Row {
	t.Helper()
	var all []Row
	if err := m.Split(bytes.NewReader(file), k, func(r Row) bool {
		all = append(all, r)
		return true
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

// shown is an event as golden files show it.
type shown struct {
	Row       int                 `json:"row"`
	Last      int                 `json:"last"`
	Refused   string              `json:"refused,omitempty"`
	Dropped   []string            `json:"dropped,omitempty"`
	Error     string              `json:"error,omitempty"`
	Ident     *Ident              `json:"ident,omitempty"`
	Name      string              `json:"event_name,omitempty"`
	ID        string              `json:"event_id,omitempty"`
	Time      int64               `json:"event_time,omitempty"`
	Action    string              `json:"action_source,omitempty"`
	URL       string              `json:"event_source_url,omitempty"`
	User      []string            `json:"user_data,omitempty"`
	Value     string              `json:"value,omitempty"`
	Currency  string              `json:"currency,omitempty"`
	Contents  []map[string]string `json:"contents,omitempty"`
	Custom    map[string]string   `json:"custom_data,omitempty"`
	ExtInfo   int                 `json:"extinfo,omitempty"`
	OptOut    string              `json:"opt_out,omitempty"`
	Options   string              `json:"data_processing_options,omitempty"`
	Tracking  string              `json:"advertiser_tracking_enabled,omitempty"`
	Messaging string              `json:"messaging_channel,omitempty"`
}

func show(t testing.TB, m *Mapping, r Row) shown {
	t.Helper()
	s := shown{Row: r.Number, Last: r.Last}
	if r.Err != nil {
		s.Refused = r.Err.Error()
		return s
	}
	if !json.Valid(r.Item) {
		t.Fatalf("item of row %d is no JSON: %s", r.Number, r.Item)
	}
	var e capi.Event
	dropped, err := m.Map(r.Item, berlin, &e)
	for _, d := range dropped {
		s.Dropped = append(s.Dropped, d.Error())
	}
	if err != nil {
		s.Error = err.Error()
		return s
	}
	id, err := m.Identify(r.Item)
	if err != nil {
		t.Fatalf("identifying row %d: %v", r.Number, err)
	}
	s.Ident = &id
	s.Name, s.ID, s.Time, s.Action, s.URL = string(e.Name), string(e.ID), e.Time, string(e.ActionSource), string(e.SourceURL)
	for _, v := range e.User.Values {
		s.User = append(s.User, v.Key.String()+"="+string(v.Text))
	}
	s.Value, s.Currency = string(e.Custom.Value), string(e.Custom.Currency)
	for _, c := range e.Custom.Contents {
		one := map[string]string{"id": string(c.ID), "quantity": string(c.Quantity), "item_price": string(c.ItemPrice)}
		for _, mem := range c.Members {
			one[string(mem.Key)] = string(mem.Value)
		}
		s.Contents = append(s.Contents, one)
	}
	if len(e.Custom.Members) > 0 {
		s.Custom = map[string]string{}
		for _, mem := range e.Custom.Members {
			s.Custom[string(mem.Key)] = string(mem.Value)
		}
	}
	s.ExtInfo, s.OptOut, s.Options = len(e.App.ExtInfo), string(e.OptOut), string(e.Options)
	s.Tracking, s.Messaging = string(e.App.AdvertiserTracking), string(e.Messaging)
	return s
}

func golden(t *testing.T, name string, got []shown) {
	t.Helper()
	text, err := json.MarshalIndent(got, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, '\n')
	file := filepath.Join("testdata", "golden", name+".json")
	if *update {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(text)); diff != "" {
		t.Error(diff)
	}
}

// TestFiles maps Meta's own samples with their own mapping files, unchanged, and a shop's export.
func TestFiles(t *testing.T) {
	for _, c := range []struct {
		file, mapping string
		kind          Kind
		rows          int
	}{
		{"store-signals-07082024.csv", "store-mapping.json", CSV, 2},
		{"store-signals-07252024.xlsx", "store-mapping.json", XLSX, 1},
		{"web-signals-07232024.csv", "web-mapping.json", CSV, 2},
		{"web-signals-07252024.xlsx", "web-mapping.json", XLSX, 2},
		{"file-store-meta-sample.csv", "file-store-mapping-index.json", CSV, 1},
		{"file-store-raw.csv", "file-store-mapping-named.json", CSV, 2},
	} {
		t.Run(c.file, func(t *testing.T) {
			m, err := Load(filepath.Join("testdata", c.mapping))
			if err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile(filepath.Join("testdata", c.file))
			if err != nil {
				t.Fatal(err)
			}
			var got []shown
			for _, r := range rows(t, m, c.kind, data) {
				got = append(got, show(t, m, r))
			}
			if len(got) != c.rows {
				t.Errorf("%d rows, want %d", len(got), c.rows)
			}
			golden(t, c.file, got)
		})
	}
}

func TestMangledAddressLosesItsFieldNotItsRow(t *testing.T) {
	m, err := Load("testdata/web-mapping.json")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("testdata/web-signals-07252024.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows(t, m, XLSX, data) {
		s := show(t, m, r)
		if len(s.Dropped) != 1 || !strings.Contains(s.Dropped[0], "column J, user_data.client_ip_address") {
			t.Errorf("row %d: dropped %q", r.Number, s.Dropped)
		}
		if s.Name != "Purchase" || s.Error != "" {
			t.Errorf("row %d: %+v", r.Number, s)
		}
	}
}

func TestNamedMappingSaysItsCountryAndFiles(t *testing.T) {
	m, err := Load("testdata/file-store-mapping-named.json")
	if err != nil {
		t.Fatal(err)
	}
	if m.Country() != "us" || m.Channel() != "store" || m.JSON() {
		t.Errorf("country %q, channel %q, json %v", m.Country(), m.Channel(), m.JSON())
	}
	if !m.Matches("/in/store-2026.csv") || m.Matches("web-2026.csv") {
		t.Error("match does not tell files apart")
	}
}

func TestAnyJSON(t *testing.T) {
	m := mustParse(t, `{"defaults":{"custom_data.currency":"EUR","action_source":"website","event_name":"Purchase"},"columns":{
		"event_time":{"path":"$.created"},"event_id":{"path":"id"},"user_data.em":{"path":"$.customer.emails[*]"},
		"user_data.ph":{"path":"$.customer.phones"},"user_data.external_id":{"path":"$.customer.ids[1]","form":"raw"},
		"custom_data.value":{"path":"$.total"},"custom_data.order_id":{"path":"$.id"},
		"custom_data.contents[].id":{"path":"$.lines[*].sku"},"custom_data.contents[].quantity":{"path":"$.lines[*].n"},
		"custom_data.contents[].brand":{"path":"$.lines[*].brand"},
		"custom_data.content_ids":{"path":"$.lines[*].sku"},"custom_data.extra":{"path":"$.extra"},
		"app_data.extinfo":{"path":"$.ext"},"opt_out":{"path":"$.out"},"data_processing_options":{"path":"$.ldu"}}}`)
	if !m.JSON() {
		t.Fatal("not taken for a JSON mapping")
	}
	item := `{"id":9007199254740993,"created":1795426200123,"total":59.90,"out":false,"ldu":["LDU"],"ext":["a2","","1",null],
		"customer":{"emails":["a@x.example","b@x.example"],"phones":["+49 30 1","+49 30 2"],"ids":["no","u-7"]},
		"extra":{"a": [1, 2]},"lines":[{"sku":"S\"1","n":2},{"none":1},{"sku":"S2","n":1,"brand":"B"}]}`
	golden(t, "any", []shown{show(t, m, Row{Number: 1, Last: 1, Item: []byte(item)})})
}
