package mappingtest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// MapsAnything holds that a mapper neither panics on an item and context nor makes members that are no JSON.
func MapsAnything(t *testing.T, m mapping.Mapper, item, context []byte) {
	t.Helper()
	if jsonscan.Check(item, jsonscan.Limits{}) != nil || context != nil && jsonscan.Check(context, jsonscan.Limits{}) != nil {
		return
	}
	out, err := MapOne(m, string(item), string(context))
	if err != nil {
		return
	}
	for _, member := range out.Event.Custom.Members {
		if jsonscan.Check(member.Value, jsonscan.Limits{Depth: 64}) != nil {
			t.Errorf("member %s is no JSON: %s", member.Key, member.Value)
		}
	}
}

// MapAnything maps an item that JSON allows in its context; the mapper must neither panic nor read what it wrote last time.
func MapAnything(t *testing.T, m mapping.Mapper, context, item []byte) {
	t.Helper()
	if jsonscan.Check(context, jsonscan.Limits{}) != nil || jsonscan.Kind(context) != 'o' {
		context = nil
	}
	if jsonscan.Check(item, jsonscan.Limits{}) != nil {
		return
	}
	in := mapping.Input{Raw: &event.Raw{Context: context, Item: item, Format: []byte("any")}, Currency: "USD"}
	var first, again mapping.Output
	firstErr := m.Map(&in, &first)
	again.Event.Name = []byte("left over")
	again.Reset()
	againErr := m.Map(&in, &again)
	if (firstErr == nil) != (againErr == nil) {
		t.Errorf("one item, two ends: %v, %v", firstErr, againErr)
	}
	if diff := cmp.Diff(string(first.Event.Name), string(again.Event.Name)); diff != "" {
		t.Error(diff)
	}
}
