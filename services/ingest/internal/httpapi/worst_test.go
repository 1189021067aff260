package httpapi

import (
	archive "archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/recorded"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// growth is a body that can be made of any number of the same small item.
type growth struct {
	of    recorded.Case
	body  func(n int) []byte
	whole func(n int) []byte // with items as they were recorded
}

// growths finds, of each recorded request that brings an event, each list and each line of which there may be more, with an item made
// as small as its format stores it; and the request as it is.
func growths(t *testing.T, f *fixture) (all []growth) {
	t.Helper()
	cases, err := recorded.Cases()
	if err != nil {
		t.Fatal(err)
	}
	tried := map[string]bool{}
	for _, c := range cases {
		r, err := c.Request()
		if err != nil {
			t.Fatal(err)
		}
		in, err := url.Parse(r.URL)
		if err != nil {
			t.Fatal(err)
		}
		if r.Header.Get("Content-Encoding") != "" || f.sendGrown(t, c, r.Body, plainly).stored == 0 {
			continue
		}
		kind := c.Format + " " + r.Method + " " + r.Header.Get("Content-Type") + " " + in.Path
		if tried[kind] {
			continue
		}
		tried[kind] = true
		same := func(int) []byte { return r.Body }
		all = append(all, growth{c, same, same})
		for _, g := range slices.Concat(grownLists(t, r.Body), grownLines(r.Body), grownRows(t, r.Body)) {
			if body, grows := f.smallest(t, c, g); grows {
				all = append(all, growth{c, body, func(n int) []byte {
					body, _ := g(n, nil)
					return body
				}})
			}
		}
	}
	return all
}

// grown makes a body with n items, without the members that drop names, and says which members an item has.
type grown func(n int, drop map[string]bool) (body []byte, members []string)

// smallest leaves out each member of an item without which it is stored all the same.
func (f *fixture) smallest(t *testing.T, c recorded.Case, g grown) (body func(n int) []byte, grows bool) {
	t.Helper()
	drop := map[string]bool{}
	stores := func() bool {
		two, _ := g(2, drop)
		three, _ := g(3, drop)
		n := f.sendGrown(t, c, two, plainly).stored
		return n > 0 && f.sendGrown(t, c, three, plainly).stored > n
	}
	if !stores() {
		return nil, false
	}
	_, members := g(1, drop)
	for _, m := range members {
		if drop[m] = true; !stores() {
			delete(drop, m)
		}
	}
	return func(n int) []byte {
		body, _ := g(n, drop)
		return body
	}, true
}

// grownLists are a JSON body many times in a list, and a body with each of its lists many times as long.
func grownLists(t *testing.T, body []byte) (all []grown) {
	t.Helper()
	parse := func() (tree any) {
		d := json.NewDecoder(bytes.NewReader(body))
		d.UseNumber()
		if d.Decode(&tree) != nil || d.More() {
			return nil
		}
		return tree
	}
	text := func(tree any) []byte {
		b, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if parse() == nil {
		return nil
	}
	all = append(all, func(n int, drop map[string]bool) ([]byte, []string) {
		list, members := manyOf(parse(), n, drop)
		return text(list), members
	})
	count := 0
	eachList(parse(), nil, func([]any, func([]any)) { count++ })
	for at := range count {
		all = append(all, func(n int, drop map[string]bool) (_ []byte, members []string) {
			tree, i := parse(), 0
			eachList(tree, func(list []any) { tree = list }, func(list []any, set func([]any)) {
				if i++; i == at+1 {
					list, members = manyOf(list[0], n, drop)
					set(list)
				}
			})
			return text(tree), members
		})
	}
	return all
}

func manyOf(item any, n int, drop map[string]bool) (list []any, members []string) {
	o, _ := item.(map[string]any)
	maps.DeleteFunc(o, func(name string, _ any) bool { return drop[name] })
	return slices.Repeat([]any{item}, n), slices.Sorted(maps.Keys(o))
}

// eachList visits the lists of a tree that are not empty, outer ones first.
func eachList(tree any, set func([]any), visit func(list []any, set func([]any))) {
	switch tree := tree.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(tree)) {
			eachList(tree[name], func(list []any) { tree[name] = list }, visit)
		}
	case []any:
		if len(tree) == 0 {
			return
		}
		visit(tree, set)
		for i := range tree {
			eachList(tree[i], func(list []any) { tree[i] = list }, visit)
		}
	}
}

// grownLines are a text with its last line many times, behind its first or alone.
func grownLines(body []byte) (all []grown) {
	lines := strings.Split(strings.TrimRight(string(body), "\r\n"), "\n")
	last := lines[len(lines)-1] + "\n"
	if len(body) == 0 || strings.HasPrefix(string(body), "PK") {
		return nil
	}
	for _, first := range []string{"", lines[0] + "\n"} {
		all = append(all, func(n int, _ map[string]bool) ([]byte, []string) { return []byte(first + strings.Repeat(last, n)), nil })
	}
	return all
}

var (
	aRow       = regexp.MustCompile(`(?s)<row .*?</row>`)
	rowNumbers = regexp.MustCompile(`( r="[A-Z]*)\d+"`)
)

// grownRows is a workbook with its last row many times.
func grownRows(t *testing.T, body []byte) []grown {
	t.Helper()
	if !bytes.HasPrefix(body, []byte("PK")) {
		return nil
	}
	return []grown{func(n int, _ map[string]bool) ([]byte, []string) {
		parts, err := archive.NewReader(bytes.NewReader(body), int64(len(body)))
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		w := archive.NewWriter(&out)
		for _, part := range parts.File {
			from, err := part.Open()
			if err != nil {
				t.Fatal(err)
			}
			text := read(t, from)
			if rows := aRow.FindAllString(text, -1); len(rows) > 1 {
				var more strings.Builder
				for i := range n {
					more.WriteString(rowNumbers.ReplaceAllString(rows[len(rows)-1], "${1}"+strconv.Itoa(len(rows)+1+i)+`"`))
				}
				text = strings.Replace(text, "</sheetData>", more.String()+"</sheetData>", 1)
				text = regexp.MustCompile(`<dimension [^>]*>`).ReplaceAllString(text, "")
			}
			to, err := w.Create(part.Name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.WriteString(to, text); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes(), nil
	}}
}

// How a grown request is sent.
type manner int

const (
	plainly manner = iota
	tersely        // compressed
	dearly         // compressed, with every fact that is stored as large as it may be
)

// cost is what a request sent and what it made.
type cost struct {
	status, stored int
	sent, made     int // bytes: on the wire, and of records on Kafka
	answer         string
	records        []stream.Record
}

// sendGrown sends a recorded request with another body.
func (f *fixture) sendGrown(t *testing.T, c recorded.Case, body []byte, how manner) (got cost) {
	t.Helper()
	r, err := c.Request()
	if err != nil {
		t.Fatal(err)
	}
	r.Body = body
	if how == dearly {
		long := strings.Repeat("x", 2000)
		r.Header.Set("User-Agent", long)
		r.Header.Set("Referer", "https://shop.example.com/"+long)
		r.Header.Set("Cookie", "_fbp="+long)
		joint := "?"
		if strings.Contains(r.URL, "?") {
			joint = "&"
		}
		r.URL += joint + "zz=" + long
	}
	if err := r.Sign(arrival); err != nil {
		t.Fatal(err)
	}
	if how != plainly && len(body) > 0 {
		r.Body = zip(t, r.Body)
		r.Header.Set("Content-Encoding", "gzip")
	}
	in := httptest.NewRequest(r.Method, r.URL, bytes.NewReader(r.Body))
	in.Header = r.Header
	got.sent = len(r.Method) + len(in.URL.RequestURI()) + len(" HTTP/1.1\r\n ") + len(r.Body)
	for name, values := range r.Header {
		for _, v := range values {
			got.sent += len(name) + len(": \r\n") + len(v)
		}
	}
	w := newRecorder()
	f.ServeHTTP(w, in)
	if w.Code >= http.StatusInternalServerError {
		t.Fatalf("%s/%s: %d %s", c.Format, c.Name, w.Code, w.Body)
	}
	got.status, got.answer, got.records = w.Code, w.Body.String(), f.kafka.taken()
	got.stored = len(got.records)
	for _, rec := range got.records {
		got.made += len(rec.Key) + len(rec.Value)
		for _, h := range rec.Headers {
			got.made += len(h.Key) + len(h.Value)
		}
	}
	return got
}
