package event

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/record"
)

// TestTrust: a record that does not say it is of a version that knew no classes; one that says another word is not believed.
func TestTrust(t *testing.T) {
	for said, want := range map[string]Trust{
		``: Proven, `,"trust":"proven"`: Proven, `,"trust":"unproven"`: Unproven, `,"trust":"Proven"`: Unproven, `,"trust":"root"`: Unproven,
		`,"trust":""`: Unproven, `,"trust":null`: Unproven, `,"trust":1`: Unproven,
	} {
		var r Raw
		value := `{"specversion":"1.0","type":"` + RawType + `","id":"e","source":"/channels/crm/hub","time":"2026-11-25T14:30:00Z"` + said + `,"data":{"item":1}}`
		if err := r.Decode([]byte(value)); err != nil || r.Trust != want {
			t.Errorf("raw%s: %s, %v", said, r.Trust, err)
		}
	}
	minimal := &Signal{ID: []byte("e"), Source: []byte("/channels/crm/hub"), EventName: []byte("Lead")}
	for said, want := range map[string]Trust{"": Proven, "proven": Proven, "unproven": Unproven, "PROVEN": Unproven, "root": Unproven} {
		rec := minimal.Record("signals.shop", []byte(`{}`))
		if said != "" {
			rec.Headers = append(rec.Headers, record.Header{Key: "ce_trust", Value: []byte(said)})
		}
		var s Signal
		if err := s.Decode(&rec); err != nil || s.Trust != want {
			t.Errorf("signal %q: %s, %v", said, s.Trust, err)
		}
	}
}
