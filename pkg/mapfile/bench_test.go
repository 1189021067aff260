package mapfile

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
)

const benchRows = 1000

// tillMapping maps a till's export by column names.
const tillMapping = `{"format":{"decimal":",","date_format":"02/01/2006 15:04","timezone":"Europe/Berlin"},
	"defaults":{"event_name":"Purchase","action_source":"physical_store"},
	"columns":{"event_time":{"name":"Sold At"},"user_data.em":{"name":"Email"},"user_data.ph":{"name":"Phone"},"user_data.fn":{"name":"First"},
	"user_data.ln":{"name":"Last"},"user_data.zp":{"name":"ZIP"},"custom_data.order_id":{"name":"Receipt"},"custom_data.value":{"name":"Total"},
	"custom_data.currency":{"name":"Currency"},"custom_data.contents[].id":{"name":"SKU"},"custom_data.contents[].quantity":{"name":"Qty"}}}`

// till is a till's export.
func till() []byte {
	var b bytes.Buffer
	b.WriteString("Receipt,Sold At,Email,Phone,First,Last,ZIP,SKU,Qty,Total,Currency\n")
	for i := range benchRows {
		fmt.Fprintf(&b, "R-%d,23/11/2026 10:%02d,jane.%d@example.com,(415) 555-0123,Jane,Doe,94105,SKU-%d,1,\"1.2%02d,90\",USD\n", i, i%60, i, i%7, i%100)
	}
	return b.Bytes()
}

func BenchmarkSplitCSV(b *testing.B) {
	m, file := mustParse(b, tillMapping), till()
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		if err := m.Split(bytes.NewReader(file), CSV, func(r Row) bool {
			if r.Err == nil {
				n++
			}
			return true
		}); err != nil || n != benchRows {
			b.Fatal(n, err)
		}
	}
}

// BenchmarkReferenceEncodingCSV does the same with the standard library: each row a map by column name, checked for its
// time, and an item of JSON.
func BenchmarkReferenceEncodingCSV(b *testing.B) {
	file := till()
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		r := csv.NewReader(bytes.NewReader(file))
		names, err := r.Read()
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for {
			cells, err := r.Read()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				b.Fatal(err)
			}
			row := make(map[string]string, len(cells))
			for i, c := range cells {
				row[names[i]] = strings.TrimSpace(c)
			}
			if _, err := time.ParseInLocation("02/01/2006 15:04", row["Sold At"], berlin); err != nil {
				b.Fatal(err)
			}
			if item, err := json.Marshal(row); err == nil && len(item) > 0 {
				n++
			}
		}
		if n != benchRows {
			b.Fatal(n)
		}
	}
}

func BenchmarkMap(b *testing.B) {
	m := mustParse(b, tillMapping)
	item := rows(b, m, CSV, till())[0].Item
	var e capi.Event
	b.SetBytes(int64(len(item)))
	b.ReportAllocs()
	for b.Loop() {
		e.Reset()
		if _, err := m.Map(item, berlin, &e); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReferenceMap does the same with encoding/json and maps: the item's cells by name, and an event of them.
func BenchmarkReferenceMap(b *testing.B) {
	m := mustParse(b, tillMapping)
	item := rows(b, m, CSV, till())[0].Item
	b.SetBytes(int64(len(item)))
	b.ReportAllocs()
	for b.Loop() {
		var one struct {
			Columns []string
			Lines   [][]string
		}
		if err := json.Unmarshal(item, &one); err != nil {
			b.Fatal(err)
		}
		row := make(map[string]string, len(one.Columns))
		for i, c := range one.Lines[0] {
			row[one.Columns[i]] = c
		}
		at, err := time.ParseInLocation("02/01/2006 15:04", row["sold at"], berlin)
		if err != nil {
			b.Fatal(err)
		}
		value, err := strconv.ParseFloat(strings.ReplaceAll(strings.ReplaceAll(row["total"], ".", ""), ",", "."), 64)
		if err != nil {
			b.Fatal(err)
		}
		event := map[string]any{
			"event_name": "Purchase", "action_source": "physical_store", "event_time": at.Unix(),
			"user_data":   map[string]any{"em": row["email"], "ph": row["phone"], "fn": row["first"], "ln": row["last"], "zp": row["zip"]},
			"custom_data": map[string]any{"value": value, "currency": row["currency"], "order_id": row["receipt"], "contents": []map[string]any{{"id": row["sku"], "quantity": row["qty"]}}},
		}
		if len(event) != 5 {
			b.Fatal(event)
		}
	}
}

func BenchmarkMapJSON(b *testing.B) {
	m := mustParse(b, `{"defaults":{"event_name":"Purchase"},"columns":{"event_id":{"path":"$.id"},"event_time":{"path":"$.at"},
		"user_data.em":{"path":"$.customer.emails[*]"},"custom_data.value":{"path":"$.total"},"custom_data.currency":{"path":"$.currency"},
		"custom_data.contents[].id":{"path":"$.lines[*].sku"},"custom_data.contents[].quantity":{"path":"$.lines[*].n"}}}`)
	item := []byte(`{"id":"o-1","at":1795426200,"customer":{"emails":["a@x.example"]},"total":59.90,"currency":"EUR","lines":[{"sku":"a","n":1},{"sku":"b","n":2}]}`)
	var e capi.Event
	b.SetBytes(int64(len(item)))
	b.ReportAllocs()
	for b.Loop() {
		e.Reset()
		if _, err := m.Map(item, berlin, &e); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkIdentify(b *testing.B) {
	m := mustParse(b, tillMapping)
	item := rows(b, m, CSV, till())[0].Item
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Identify(item); err != nil {
			b.Fatal(err)
		}
	}
}

// export is a spreadsheet of four columns.
func export(b *testing.B) []byte {
	b.Helper()
	var xml strings.Builder
	for i := range benchRows {
		fmt.Fprintf(&xml, `<row><c t="inlineStr"><is><t>jane.%d@example.com</t></is></c><c><v>46349.5</v></c><c t="s"><v>0</v></c><c><v>%d</v></c></row>`, i, i)
	}
	return packed(b, parts(map[string]string{"xl/worksheets/sheet1.xml": sheet(xml.String())}))
}

func BenchmarkSplitXLSX(b *testing.B) {
	m := mustParse(b, `{"defaults":{"event_name":"Lead"},"columns":{"event_time":{"index":1},"user_data.em":{"index":0}}}`)
	file := export(b)
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		if err := m.Split(bytes.NewReader(file), XLSX, func(Row) bool { n++; return true }); err != nil || n != benchRows {
			b.Fatal(n, err)
		}
	}
}

// BenchmarkCheckXLSX is what looking through the file first costs of BenchmarkSplitXLSX.
func BenchmarkCheckXLSX(b *testing.B) {
	file, bounds := export(b), usualBounds()
	b.ReportAllocs()
	for b.Loop() {
		if err := bounds.check(file); err != nil {
			b.Fatal(err)
		}
	}
}

// TestMapAllocatesLittle: the hot path of files costs no allocation for what the row says as it is.
func TestMapAllocatesLittle(t *testing.T) {
	m := mustParse(t, tillMapping)
	item := rows(t, m, CSV, till())[0].Item
	var e capi.Event
	if n := testing.AllocsPerRun(100, func() {
		e.Reset()
		if _, err := m.Map(item, berlin, &e); err != nil {
			t.Error(err)
		}
	}); n > 0 {
		t.Errorf("Map allocates %v times", n)
	}
}
