package mapfile

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUnmark(t *testing.T) {
	for cell, want := range map[string]string{
		`="02139"`: "02139", `=" a "`: "a", `=""`: "", `="`: `="`, `=A1`: `=A1`, "'02139": "02139", "'+49171": "+49171", "'-5": "-5", "'s-Hertogenbosch": "'s-Hertogenbosch",
		"'": "'", "'7'": "'7'", "": "", "o'1": "o'1",
	} {
		if got := string(unmark([]byte(cell))); got != want {
			t.Errorf("%s: %s, want %s", cell, got, want)
		}
	}
}

// TestMarksOfExports are no part of any cell: of times, orders, amounts, receipts.
func TestMarksOfExports(t *testing.T) {
	m := receipts(t, `[{"index":0}]`)
	file := "\"=\"\"r1\"\"\",'1795426200,\"=\"\"a\"\"\",'5\nr1,1795426200,'7,\n'-9,\"=\"\"1795426200\"\"\",b,\"=\"\"1,234.50\"\"\"\n"
	if diff := cmp.Diff([]string{"1-2: a 7", "3-3: b"}, grouped(t, m, file)); diff != "" {
		t.Error(diff)
	}
	e := mapped(t, m, rows(t, m, CSV, []byte(file))[1].Item)
	if string(e.Custom.Value) != "1234.50" || e.Time != 1795426200 {
		t.Errorf("%s %d", e.Custom.Value, e.Time)
	}
}
