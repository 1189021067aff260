package mapfile

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
)

// Mapping is a loaded mapping file. It may be used by several goroutines.
type Mapping struct {
	channel  string
	match    string
	flat     bool // Meta's flat shape: headers are the rows before the first with a time
	json     bool // columns are paths into any JSON
	named    bool // some column is found by name
	format   format
	defaults []preset
	groupBy  []column
	fields   []field
	header   atomic.Pointer[header] // the last one seen
}

// field is one target and where its value stands.
type field struct {
	target target
	from   column
}

// preset is a value for a target that the row leaves empty.
type preset struct {
	target target
	text   []byte
	field  int // the field of the same target, -1 if none
}

// Load reads a mapping file; all problems at once, by path in the file.
func Load(file string) (*Mapping, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading mapping file: %w", err)
	}
	m, err := Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return m, nil
}

// Matches says whether a file's name is one that the mapping is for; without `match` every name is.
func (m *Mapping) Matches(name string) bool {
	if m.match == "" {
		return true
	}
	ok, err := path.Match(m.match, filepath.Base(name))
	return err == nil && ok
}

// Channel is the channel that the file names, "" if none. The source's own channel decides; a caller may compare.
func (m *Mapping) Channel() string { return m.channel }

// Country is the country of default_country_code as ISO alpha-2 in lower case, "" if none. It says how values are read.
func (m *Mapping) Country() string { return m.format.country }

// JSON says whether the mapping is for any JSON, not for tables.
func (m *Mapping) JSON() bool { return m.json }

// find returns the first field of a kind, nil if none.
func (m *Mapping) find(k kind) *field {
	for i := range m.fields {
		if m.fields[i].target.kind == k {
			return &m.fields[i]
		}
	}
	return nil
}

// preset returns the default of a kind of target, nil if none.
func (m *Mapping) preset(k kind) []byte {
	for i := range m.defaults {
		if m.defaults[i].target.kind == k {
			return m.defaults[i].text
		}
	}
	return nil
}

// CellError is what is wrong with a row, by column; it quotes no cell.
type CellError struct {
	Row    int    // 0: of no row
	Column string // letter and, if known, header: "G (Total)"
	Field  string // target path: custom_data.value
	What   string
}

func (e *CellError) Error() string {
	var at []string
	if e.Row > 0 {
		at = append(at, "row "+strconv.Itoa(e.Row))
	}
	if e.Column != "" {
		at = append(at, "column "+e.Column)
	}
	if e.Field != "" {
		at = append(at, e.Field)
	}
	if at == nil {
		return e.What
	}
	return strings.Join(at, ", ") + ": " + e.What
}
