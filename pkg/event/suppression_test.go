package event

import (
	"crypto/sha256"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/record"
)

func someSuppression() *Suppression {
	return &Suppression{Kind: "em", Hash: sha256.Sum256([]byte("jane.doe@example.com")), AddedAt: time.Date(2026, 11, 24, 12, 0, 0, 7e6, time.UTC)}
}

func TestSuppressionReadsBack(t *testing.T) {
	for _, kind := range SuppressionKinds {
		for _, removed := range []bool{false, true} {
			s := someSuppression()
			s.Kind, s.Removed = kind, removed
			rec, err := s.Record("suppressions")
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(string(rec.Key), kind+":86e0b9e5") || (rec.Value == nil) != removed || rec.Topic != "suppressions" {
				t.Errorf("%s %s %s", rec.Topic, rec.Key, rec.Value)
			}
			back, err := DecodeSuppression(&rec)
			if diff := cmp.Diff(*s, back); diff != "" || err != nil {
				t.Errorf("%v %s", err, diff)
			}
		}
	}
}

// TestUnreadableSuppression: nobody is forgotten because a value cannot be read, and a key that is none is nobody.
func TestUnreadableSuppression(t *testing.T) {
	rec, err := someSuppression().Record("suppressions")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Unix(1795426200, 0)
	for _, value := range []string{"{}", "[]", "x", `{"added_at":7}`, `{"added_at":"0001-01-01T00:00:00Z"}`} {
		s, err := DecodeSuppression(&record.Record{Key: rec.Key, Value: []byte(value), Time: at})
		if err != nil || s.Removed || s.Hash != someSuppression().Hash || !s.AddedAt.Equal(at) {
			t.Errorf("%s: %+v, %v", value, s, err)
		}
	}
	for _, key := range []string{"", "em", "em:", "fn" + string(rec.Key[2:]), string(rec.Key[:66]), string(rec.Key) + "0", "em:" + strings.Repeat("g", 64)} {
		if s, err := DecodeSuppression(&record.Record{Key: []byte(key), Value: rec.Value}); err == nil || strings.Contains(err.Error(), "86e0") {
			t.Errorf("%s: %+v, %v", key, s, err)
		}
	}
}

// TestAsyncAPISuppression holds the suppressions' schema to Suppression.Record.
func TestAsyncAPISuppression(t *testing.T) {
	c := readContract(t)
	rec, err := someSuppression().Record("suppressions")
	if err != nil {
		t.Fatal(err)
	}
	value := decoded(t, rec.Value)
	c.holds(t, "#/components/messages/suppression/payload", value)
	c.holdsNames(t, "#/components/schemas/suppression", value, value)
}

func FuzzDecodeSuppression(f *testing.F) {
	rec, err := someSuppression().Record("suppressions")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(rec.Key, rec.Value)
	f.Add([]byte("ph:"), []byte("{}"))
	f.Fuzz(func(t *testing.T, key, value []byte) {
		s, err := DecodeSuppression(&record.Record{Key: key, Value: value})
		if err != nil {
			return
		}
		again, err := s.Record("suppressions")
		if err != nil {
			return // a time that JSON does not write
		}
		if back, err := DecodeSuppression(&again); err != nil || back.Hash != s.Hash || back.Kind != s.Kind || back.Removed != s.Removed {
			t.Errorf("%s is read again as %+v, %v", again.Key, back, err)
		}
	})
}
