package table

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/mapfile"
)

// TestFieldLabel: a target path becomes a label of the closed lists.
func TestFieldLabel(t *testing.T) {
	for path, want := range map[string]string{
		"user_data.em": "em", "user_data.external_id": "external_id", "user_data.client_ip_address": "client_ip_address",
		"user_data": "user_data", "user_data.nose": "user_data", "user_data.": "user_data", "user_data.em.x": "user_data",
		"custom_data.contents": "custom_data.contents", "custom_data.contents[].id": "custom_data.contents", "custom_data.contents[].item_price": "custom_data.contents",
		"custom_data.value": "custom_data.value", "custom_data.currency": "custom_data.currency", "custom_data.content_ids": "custom_data.content_ids",
		"custom_data.own thing": "custom_data", "custom_data": "custom_data", "app_data.extinfo": "app_data.extinfo", "app_data.x": "app_data",
		"opt_out": "opt_out", "event_source_url": "event_source_url", "event_name": "event_name", "jane@example.com": "event", "": "event", ".": "event",
	} {
		if got := fieldLabel(path); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
}

// TestFieldLabelIsClosed: whatever a mapping file names, no label is a sender's text.
func TestFieldLabelIsClosed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		path := rapid.OneOf(rapid.String(), rapid.StringMatching(`(user_data|custom_data|app_data|event)[.\[\]a-z_]{0,20}`)).Draw(t, "path")
		got := fieldLabel(path)
		if _, isKey := identity.KeyOf([]byte(got)); !isKey && !slices.Contains(mapping.Fields, got) {
			t.Fatalf("%q becomes the label %q", path, got)
		}
	})
}

// TestRows: a row by its mapping file; cells that cannot be read are left out by name; without a mapping file it is no
// event.
func TestRows(t *testing.T) {
	m, err := mapfile.Parse([]byte(`{"version":1,"format":{"separator":";","header_rows":1},"defaults":{"event_name":"Purchase","action_source":"physical_store"},
		"columns":{"event_time":{"name":"Sold"},"user_data.em":{"name":"Mail"},"custom_data.num_items":{"name":"Sum"},"custom_data.currency":{"name":"Currency"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	var item []byte
	if err := m.Split(strings.NewReader("Sold;Mail;Sum;Currency\n2026-11-24 10:00:00;a@b.co;much;EUR\n"), mapfile.CSV, func(r mapfile.Row) bool {
		item = slices.Clone(r.Item)
		return true
	}); err != nil {
		t.Fatal(err)
	}
	out := new(mapping.Output)
	if err := (Mapper{}).Map(&mapping.Input{Raw: &event.Raw{Item: item}, Rows: m}, out); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]mapping.Dropped{{Field: mapping.FieldCustom, Reason: mapping.Malformed}}, out.Dropped); diff != "" {
		t.Error(diff)
	}
	if string(out.Event.Name) != "Purchase" || len(out.Event.User.Values) != 1 || string(out.Event.Custom.Currency) != "EUR" || !out.Event.TimeSet {
		t.Errorf("%s %v %s", out.Event.Name, out.Event.User.Values, out.Event.Custom.Currency)
	}
	if out.Browser.IP != nil || out.Browser.UserAgent != nil {
		t.Error("a file's request is no customer's")
	}
	err = (Mapper{}).Map(&mapping.Input{Raw: &event.Raw{Item: item}}, new(mapping.Output))
	var end *fault.Error
	if !errors.As(err, &end) || end.Reason != fault.UnknownSource {
		t.Errorf("no mapping file: %v", err)
	}
}
