package letters

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/omnicapi/omnicapi/pkg/visible"
)

// columns are those of an exported CSV file, in their order.
var columns = []string{
	"event_id", "event_name", "event_time", "channel", "source", "dataset", "stage", "reason", "detail", "code", "subcode",
	"fbtrace_id", "attempts", "replays", "failed_at", "topic", "partition", "offset", "value", "trust",
}

// ExportCSV writes letters as CSV that a spreadsheet opens without running anything in it. Values are masked unless
// reveal.
func ExportCSV(w io.Writer, list []*Letter, reveal bool) error {
	out := csv.NewWriter(w)
	if err := out.Write(columns); err != nil {
		return fmt.Errorf("exporting: %w", err)
	}
	for _, l := range list {
		eventTime := ""
		if l.EventTime != nil {
			eventTime = l.EventTime.Format(time.RFC3339)
		}
		row := []string{
			l.EventID, l.EventName, eventTime, l.Channel, l.Source, l.Dataset, l.Stage, l.Reason, l.Detail,
			strconv.Itoa(l.Code), strconv.Itoa(l.Subcode), l.FBTraceID, strconv.Itoa(l.Attempts), strconv.Itoa(l.Replays),
			l.FailedAt.Format(time.RFC3339Nano), l.Topic, strconv.Itoa(l.Partition), strconv.FormatInt(l.Offset, 10),
			l.text(reveal), l.Trust,
		}
		for i := range row {
			row[i] = harmless(row[i])
		}
		if err := out.Write(row); err != nil {
			return fmt.Errorf("exporting: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("exporting: %w", err)
	}
	return nil
}

// ExportJSON writes letters as one JSON object a line. Values are masked unless reveal.
func ExportJSON(w io.Writer, list []*Letter, reveal bool) error {
	e := json.NewEncoder(visible.Writer(w)) // it may be a terminal
	e.SetEscapeHTML(false)
	for _, l := range list {
		if err := e.Encode(l.Revealed(reveal)); err != nil {
			return fmt.Errorf("exporting: %w", err)
		}
	}
	return nil
}

// WithValue is a letter with its value as text.
type WithValue struct {
	*Letter
	Value string `json:"value"`
}

// Revealed is the letter with its value, masked unless reveal.
func (l *Letter) Revealed(reveal bool) WithValue { return WithValue{l, l.text(reveal)} }

func (l *Letter) text(reveal bool) string {
	if reveal {
		return string(l.record.Value)
	}
	return Mask(l.record.Value)
}

// harmless keeps a spreadsheet from reading a sender's text as a formula (OWASP: CSV injection; ASVS 1.2.10). A spreadsheet may
// take another separator for the file's: what follows any of them begins a cell, too, behind blanks and quotes.
func harmless(cell string) string {
	if !strings.ContainsAny(cell, formulas+starts) {
		return cell
	}
	var b strings.Builder
	begins := true // a cell may begin here
	for i, r := range cell {
		switch {
		case strings.ContainsRune(formulas, r) && begins, i == 0 && strings.ContainsRune(starts, r):
			b.WriteByte('\'')
			begins = strings.ContainsRune(separators, r)
		case strings.ContainsRune(separators, r):
			begins = true
		case r != ' ' && r != '"' && r != '\u00a0' && r != '\ufeff':
			begins = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

const (
	formulas   = "=+-@＝＋－＠"          // what begins a formula
	starts     = "\t\r\n\x00"        // what does so at a cell's begin, by being passed over
	separators = ";,|\t\r\n\x1f\x1e" // what may end a cell
)
