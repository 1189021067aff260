package identity

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A vector is a row of testdata/normalization-vectors.tsv: a value, and its result by Meta's documentation or by one of
// Meta's libraries.
type vector struct {
	line             int
	field, input     string
	normalized, wire string
	dropped          bool
	source           string
	key              Key
	context          Context
	differsKey       string // the first three columns, by which differs.tsv lists a row
}

// now is the day on which the vectors are replayed.
var now = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func readVectors(t *testing.T) []vector {
	t.Helper()
	rows := readTSV(t, "testdata/normalization-vectors.tsv", 5)
	vectors := make([]vector, 0, len(rows))
	for i, row := range rows[1:] {
		v := vector{
			line: i + 2, field: row[0], input: unescapeTSV(t, row[1]), normalized: unescapeTSV(t, row[2]), wire: row[3],
			dropped: row[2] == `\N`, source: row[4], context: Context{Now: now}, differsKey: row[0] + "\t" + row[1] + "\t" + row[2],
		}
		field, country, _ := strings.Cut(v.field, "@")
		v.context.DefaultCountry = country
		key, ok := KeyOf([]byte(field))
		if !ok {
			t.Fatalf("line %d: unknown field %q", v.line, v.field)
		}
		v.key = key
		vectors = append(vectors, v)
	}
	if len(vectors) != 968 {
		t.Fatalf("read %d vectors, want 968", len(vectors))
	}
	return vectors
}

func TestVectors(t *testing.T) {
	differs := readDiffers(t)
	needed := make(map[string]bool)
	for _, v := range readVectors(t) {
		text, drop := AppendNormalized(nil, v.key, []byte(v.input), Auto, &v.context)
		wire, wireDrop := Append(nil, v.key, []byte(v.input), Auto, &v.context)
		if drop != wireDrop {
			t.Errorf("line %d: AppendNormalized says %v, Append says %v", v.line, drop, wireDrop)
		}
		agrees := v.dropped == (drop != Kept) && (v.dropped || string(text) == v.normalized && string(wire) == v.wire)
		ours := `\N`
		if drop == Kept {
			ours = string(text)
		}
		d, listed := differs[v.differsKey]
		switch {
		case agrees && listed:
			t.Errorf("line %d: %s %q is listed as different, and is not", v.line, v.field, v.input)
		case !agrees && !listed:
			t.Errorf("line %d: %s %q = %q (%v), want %q (%s)", v.line, v.field, v.input, ours, drop, v.normalized, v.source)
		case !agrees && d.ours != ours:
			t.Errorf("line %d: %s %q = %q (%v), want %q by our rule: %s", v.line, v.field, v.input, ours, drop, d.ours, d.rule)
		}
		if !agrees && listed {
			needed[v.differsKey] = true
		}
		if drop == Kept && string(wire) != string(text) {
			if sum := sha256.Sum256(text); hex.EncodeToString(sum[:]) != string(wire) {
				t.Errorf("line %d: %q is not the digest of %q", v.line, wire, text)
			}
		}
	}
	for id := range differs {
		if !needed[id] {
			t.Errorf("testdata/differs.tsv lists a row that is no difference or no vector: %s", id)
		}
	}
}

// A difference is a vector from which the policy departs: our own result, and the rule that explains it.
type difference struct{ ours, rule string }

func readDiffers(t *testing.T) map[string]difference {
	t.Helper()
	differs := make(map[string]difference)
	for _, row := range readTSV(t, "testdata/differs.tsv", 5)[1:] {
		id := strings.Join(row[:3], "\t")
		if _, twice := differs[id]; twice {
			t.Errorf("testdata/differs.tsv lists %q twice", id)
		}
		if row[4] == "" {
			t.Errorf("testdata/differs.tsv: %q has no rule", id)
		}
		differs[id] = difference{ours: row[3], rule: row[4]}
	}
	return differs
}

func readTSV(t *testing.T, path string, columns int) [][]string {
	t.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for line := range bytes.Lines(file) {
		row := strings.Split(strings.TrimSuffix(string(line), "\n"), "\t")
		if len(row) != columns {
			t.Fatalf("%s:%d: %d columns, want %d", path, len(rows)+1, len(row), columns)
		}
		rows = append(rows, row)
	}
	return rows
}

// unescapeTSV decodes \t \n \r \\ \uXXXX.
func unescapeTSV(t *testing.T, text string) string {
	t.Helper()
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || text == `\N` {
			b.WriteByte(text[i])
			continue
		}
		i++
		switch text[i] {
		case 't':
			b.WriteByte('\t')
		case 'n':
			b.WriteByte('\n')
		case 'r':
			b.WriteByte('\r')
		case '\\':
			b.WriteByte('\\')
		case 'u':
			r, err := strconv.ParseUint(text[i+1:i+5], 16, 32)
			if err != nil {
				t.Fatalf("unreadable escape in %q", text)
			}
			b.WriteRune(rune(r))
			i += 4
		default:
			t.Fatalf("unknown escape in %q", text)
		}
	}
	return b.String()
}
