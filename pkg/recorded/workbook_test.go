package recorded

import (
	"bytes"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// TestAWorkbookMoves: the times in its cells are moved to the other day, the other cells stay.
func TestAWorkbookMoves(t *testing.T) {
	r, err := Case{Format: "xlsx", Name: "store"}.Request()
	if err != nil {
		t.Fatal(err)
	}
	before := cells(t, r.Body)
	if err := r.Move(72*time.Hour, time.Unix(Moment, 0).AddDate(0, 0, 3)); err != nil {
		t.Fatal(err)
	}
	after := cells(t, r.Body)
	if before[4][1] != "1795422600" || after[4][1] != "1795681800" {
		t.Errorf("event_time %s became %s", before[4][1], after[4][1])
	}
	before[4][1], before[5][1] = after[4][1], after[5][1]
	for i := range before {
		for j := range before[i] {
			if before[i][j] != after[i][j] {
				t.Errorf("row %d, column %d changed", i+1, j+1)
			}
		}
	}
}

func cells(t *testing.T, body []byte) [][]string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
