package event

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/record"
)

func someOperation() *Operation {
	return &Operation{
		ID: NewBatchID(), Phase: Ended, At: time.Date(2026, 11, 24, 12, 0, 0, 7e6, time.UTC), Command: "deadletters replay", User: "ann", UID: "1000",
		SudoUser: "bob", Host: "ops-1", Version: "v1.2.3", Options: []string{"again"}, Filter: map[string]string{"reason": "refused"},
		Letters: 2, First: []LetterPosition{{Partition: 1, Offset: 7}, {Partition: 0, Offset: 3}}, Worked: 2, Result: Done,
	}
}

func TestOperationReadsBack(t *testing.T) {
	o := someOperation()
	rec, err := o.Record("audit")
	if err != nil {
		t.Fatal(err)
	}
	if string(rec.Key) != o.ID || !rec.Time.Equal(o.At) || rec.Topic != "audit" {
		t.Errorf("%s %s %s", rec.Key, rec.Time, rec.Topic)
	}
	back, err := DecodeOperation(rec.Value)
	if diff := cmp.Diff(o, back); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	for _, bad := range []string{"", "{}", "[]", `{"operation_id":"CANARY"}`, `{"operation_id":7}`} {
		if _, err := DecodeOperation([]byte(bad)); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

// TestAsyncAPIOperation holds the operations' schema to Operation.Record.
func TestAsyncAPIOperation(t *testing.T) {
	c, full := readContract(t), someOperation()
	mustBeFull(t, full)
	minimal := &Operation{ID: NewBatchID(), Phase: Began, At: full.At, Command: "deadletters show", User: "ann", UID: "1000", Host: "ops-1", Version: "v1.2.3", Letters: 1}
	written := func(o *Operation) map[string]any {
		rec, err := o.Record("audit")
		if err != nil {
			t.Fatal(err)
		}
		c.holds(t, "#/components/messages/operation/payload", decoded(t, rec.Value))
		return decoded(t, rec.Value)
	}
	c.holdsNames(t, "#/components/schemas/operation", written(full), written(minimal))
	c.holdsList(t, "#/components/schemas/operation/properties/phase", []string{string(Began), string(Ended)})
	c.holdsList(t, "#/components/schemas/operation/properties/result", []string{string(Done), string(Failed), string(Stopped)})
}

func FuzzDecodeOperation(f *testing.F) {
	rec, err := someOperation().Record("audit")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(rec.Value)
	f.Fuzz(func(t *testing.T, value []byte) {
		o, err := DecodeOperation(value)
		if err != nil {
			return
		}
		var again record.Record
		if again, err = o.Record("audit"); err != nil {
			return // a time that JSON does not write
		}
		if _, err := DecodeOperation(again.Value); err != nil {
			t.Errorf("%s is not read again", again.Value)
		}
	})
}
