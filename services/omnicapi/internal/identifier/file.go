package identifier

import (
	"bytes"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

const hashDigits = 64

func decode(s *event.Suppression, hash []byte) error {
	if len(hash) < hashDigits {
		return errors.New("no SHA-256")
	}
	if _, err := hex.Decode(s.Hash[:], hash[:hashDigits]); err != nil {
		return errors.New("no SHA-256")
	}
	return nil
}

// Refused is what of a file was not taken: the line, from 1, and why; never what it says.
type Refused struct {
	Line int
	Why  error
}

// File is what a file says.
type File struct {
	Persons []event.Suppression // each once
	Refused []Refused

	seen map[event.Suppression]bool
}

// columns are those of a header: at which a kind stands, and the country; -1: none.
type columns struct {
	kinds   [3]int
	country int
}

// Read reads a file: CSV (comma, semicolon or tab) under a header of email, phone, external_id and country, of which any may be left
// out; or one identifier a line, of the kind as, or -1: an @ makes it an e-mail address, a + a phone number. What is broken is refused
// by its line, the rest is taken.
func Read(r io.Reader, as Kind, country string) (*File, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("reading the file: %w", err)
	}
	text = jsonscan.TrimMark(text)
	f := &File{seen: map[event.Suppression]bool{}}
	first, _, _ := bytes.Cut(text, []byte("\n"))
	if comma, c, ok := header(string(first)); ok {
		f.readRows(text, comma, c, country)
		return f, nil
	}
	line := 0
	for one := range bytes.Lines(text) {
		line++
		if one = bytes.TrimSpace(one); len(one) > 0 {
			f.addLine(line, one, as, country)
		}
	}
	return f, nil
}

func header(line string) (comma rune, c columns, ok bool) {
	c = columns{kinds: [3]int{-1, -1, -1}, country: -1}
	comma = ','
	for _, other := range ";\t" {
		if strings.ContainsRune(line, other) {
			comma = other
		}
	}
	for i, name := range strings.Split(line, string(comma)) {
		name = strings.ToLower(strings.Trim(strings.TrimSpace(name), `"`))
		switch kind := slices.Index(Kinds, name); {
		case kind >= 0:
			c.kinds[kind], ok = i, true
		case name == "country":
			c.country = i
		default:
			return comma, c, false
		}
	}
	return comma, c, ok
}

func (f *File) readRows(text []byte, comma rune, c columns, country string) {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.FieldsPerRecord = comma, -1
	_, _ = r.Read() // the header
	for {
		row, err := r.Read()
		var broken *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return
		case errors.As(err, &broken):
			f.refuse(broken.StartLine, broken.Err)
			continue
		case err != nil:
			return
		}
		line, _ := r.FieldPos(0)
		f.addRow(line, row, c, country)
	}
}

func (f *File) addRow(line int, row []string, c columns, country string) {
	cell := func(at int) string {
		if at < 0 || at >= len(row) {
			return ""
		}
		return strings.TrimSpace(row[at])
	}
	if name := cell(c.country); name != "" {
		if country = identity.CountryCode([]byte(name)); country == "" {
			f.refuse(line, errors.New("its country is none"))
			return
		}
	}
	empty := true
	for kind, at := range c.kinds {
		if text := cell(at); text != "" {
			empty = false
			f.add(line, Kind(kind), []byte(text), country)
		}
	}
	if empty {
		f.refuse(line, errors.New("it names nobody"))
	}
}

func (f *File) addLine(line int, text []byte, as Kind, country string) {
	switch {
	case as >= 0:
	case bytes.Contains(text, []byte("@")):
		as = Email
	case text[0] == '+':
		as = Phone
	default:
		f.refuse(line, errors.New("it says not what it is: a header does, or --as"))
		return
	}
	f.add(line, as, text, country)
}

func (f *File) add(line int, k Kind, text []byte, country string) {
	s, err := Of(k, text, country)
	if err != nil {
		f.refuse(line, err)
		return
	}
	if !f.seen[s] {
		f.seen[s] = true
		f.Persons = append(f.Persons, s)
	}
}

func (f *File) refuse(line int, why error) { f.Refused = append(f.Refused, Refused{line, why}) }
