package mapfile

import (
	"bytes"
	"path"
	"slices"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/nearest"
)

// parser gathers the problems of a mapping file.
type parser struct {
	problems Problems
	m        *Mapping
}

// Parse is Load for bytes. The error is Problems.
func Parse(data []byte) (*Mapping, error) {
	data = jsonscan.TrimMark(data)
	p := parser{m: &Mapping{format: newFormat()}}
	if err := jsonscan.Check(data, jsonscan.Limits{}); err != nil {
		return nil, notJSON(data, err)
	}
	if jsonscan.Kind(data) != 'o' {
		return nil, Problems{{What: "is no JSON object"}}
	}
	if isFlat(data) {
		p.flat(data)
	} else {
		p.members(data)
	}
	p.whole()
	if len(p.problems) > 0 {
		for i := range p.problems {
			p.problems[i].Line = lineOf(data, p.problems[i].Path)
		}
		return nil, p.problems
	}
	return p.m, nil
}

// object walks an object with its keys unescaped.
func object(value []byte, fn func(key string, value []byte)) bool {
	if jsonscan.Kind(value) != 'o' {
		return false
	}
	return jsonscan.Object(value, func(k, v []byte) bool {
		fn(string(jsonscan.Key(k, nil)), v)
		return true
	})
}

func (p *parser) members(data []byte) {
	columns := false
	object(data, func(key string, v []byte) {
		switch key {
		case "version":
			if text := string(jsonscan.Text(v, nil)); text != "1" {
				p.problems.add(key, "is not 1, the version this program reads")
			}
		case "channel":
			p.m.channel = p.text(key, v)
		case "match":
			p.m.match = p.text(key, v)
			if _, err := path.Match(p.m.match, ""); err != nil {
				p.problems.add(key, "is no file name pattern such as store-*.csv")
			}
		case "format":
			p.formatSection(v)
		case "defaults":
			p.defaultsSection(v)
		case "group_by":
			p.groupSection(v)
		case "columns":
			columns = true
			p.columnsSection(v)
		default:
			p.problems.add(key, "unknown key"+nearest.DidYouMean(key, topKeys)+"; known are "+listed(topKeys))
		}
	})
	if !columns {
		p.problems.add("columns", "is missing")
	}
}

// text reads a string.
func (p *parser) text(at string, v []byte) string {
	if jsonscan.Kind(v) != 's' {
		p.problems.add(at, "is no text")
		return ""
	}
	return string(jsonscan.Text(v, nil))
}

func (p *parser) columnsSection(v []byte) {
	ok := object(v, func(key string, v []byte) {
		at := "columns." + key
		t, wrong := parseTarget(key)
		if wrong != "" {
			p.problems.add(at, wrong+meant(key))
			return
		}
		if c, ok := p.column(at, v); ok {
			p.m.fields = append(p.m.fields, field{target: t, from: c})
		}
	})
	if !ok {
		p.problems.add("columns", "is no object")
	}
}

// column reads one of {"name"}, {"column"}, {"index"}, {"path"}, with an optional form.
func (p *parser) column(at string, v []byte) (column, bool) {
	c, ways, before := column{}, 0, len(p.problems)
	ok := object(v, func(key string, v []byte) {
		ways++
		switch key {
		case "name":
			c.title = p.text(at+".name", v)
			if c.name = foldName(c.title); c.name == "" {
				p.problems.add(at+".name", "is empty")
			}
		case "column":
			if c.index = parseLetters(p.text(at+".column", v)); c.index < 0 {
				p.problems.add(at+".column", `is no column's letters, such as "G" or "AA"; numbers are written {"index": 6}`)
			}
		case "index":
			if c.index = parseIndex(string(jsonscan.Trim(v))); c.index < 0 {
				p.problems.add(at+".index", "is no number from 0 (column A)")
			}
		case "path":
			var wrong string
			if c.path, wrong = parsePath(p.text(at+".path", v)); wrong != "" {
				p.problems.add(at+".path", wrong)
			}
		case "form":
			ways--
			c.form = p.form(at+".form", v)
		default:
			ways--
			p.problems.add(at+"."+key, "unknown key"+nearest.DidYouMean(key, columnKeys)+"; known are "+listed(columnKeys))
		}
	})
	if !ok {
		p.problems.add(at, `is no object such as {"name": "Email"}`)
	} else if ways != 1 {
		p.problems.add(at, "needs exactly one of name, column, index and path")
	}
	return c, len(p.problems) == before
}

func (p *parser) form(at string, v []byte) identity.Form {
	switch p.text(at, v) {
	case "auto":
		return identity.Auto
	case "raw":
		return identity.Raw
	case "hashed":
		return identity.DeclaredHashed
	}
	p.problems.add(at, "is none of auto, raw and hashed")
	return identity.Auto
}

func (p *parser) defaultsSection(v []byte) {
	ok := object(v, func(key string, v []byte) {
		at := "defaults." + key
		t, wrong := parseTarget(key)
		switch {
		case wrong != "":
			p.problems.add(at, wrong+meant(key))
		case t.kind == matchKey:
			p.problems.add(at, "would say of every row that it is the same person; a country is format.default_country_code")
		case t.kind.isContent() || t.kind == eventTime || t.kind == eventID:
			p.problems.add(at, "has no default: it is each row's own")
		default:
			text := jsonscan.Text(v, nil)
			if len(text) == 0 {
				p.problems.add(at, "is no text or number")
				return
			}
			p.m.defaults = append(p.m.defaults, preset{target: t, text: bytes.Clone(text)})
		}
	})
	if !ok {
		p.problems.add("defaults", "is no object")
	}
}

func (p *parser) groupSection(v []byte) {
	n := 0
	ok := jsonscan.Array(v, func(v []byte) bool {
		at := "group_by[" + strconv.Itoa(n) + "]"
		n++
		if jsonscan.Kind(v) == 's' {
			title := string(jsonscan.Text(v, nil))
			if name := foldName(title); name != "" {
				p.m.groupBy = append(p.m.groupBy, column{name: name, title: title})
				return true
			}
		}
		if c, ok := p.column(at, v); ok {
			p.m.groupBy = append(p.m.groupBy, c)
		}
		return true
	})
	if !ok {
		p.problems.add("group_by", `is no list such as ["Receipt"]`)
	}
}

// whole checks what concerns several keys of the file.
func (p *parser) whole() {
	m := p.m
	paths := 0
	if len(m.fields) > maxFields {
		p.problems.add("columns", "has more than 256 columns")
	}
	for i := range m.fields {
		f := &m.fields[i]
		f.target.id, f.target.money = f.target.identifies(), f.target.isMoney()
		if f.target.kind == extInfo && f.from.path == nil {
			p.problems.add("columns.app_data.extinfo", "is a list of 16 texts: only JSON has it")
		}
		if f.from.path != nil {
			paths++
		}
		m.named = m.named || f.from.name != ""
	}
	for _, c := range m.groupBy {
		m.named = m.named || c.name != ""
		if c.path != nil {
			p.problems.add("group_by", "is for the lines of a table")
		}
	}
	p.table(paths)
	for i := range m.defaults {
		d := &m.defaults[i]
		d.field = slices.IndexFunc(m.fields, func(f field) bool { return f.target.path == d.target.path })
	}
	if m.find(eventName) == nil && m.preset(eventName) == nil {
		p.problems.add("columns.event_name", "is missing, in defaults too")
	}
	if m.format.headerRows < 0 {
		m.format.headerRows = 0
		if m.named {
			m.format.headerRows = 1
		}
	}
	if m.named && m.format.headerRows == 0 {
		p.problems.add("format.header_rows", "is 0, but columns are found by name")
	}
}

// table decides whether the mapping is for tables or for JSON; paths is how many of its fields are paths.
func (p *parser) table(paths int) {
	m := p.m
	isTable := m.format.kind == CSV || m.format.kind == XLSX
	m.json = paths > 0 || m.format.kind == jsonKind
	switch {
	case paths > 0 && paths < len(m.fields):
		p.problems.add("columns", "has both paths into JSON and columns of a table")
	case paths > 0 && isTable:
		p.problems.add("format.type", "is "+string(m.format.kind)+", but columns has paths into JSON")
	case m.json && paths < len(m.fields):
		p.problems.add("format.type", "is json, but columns has columns of a table")
	}
	if !m.json && m.format.items != nil {
		p.problems.add("format.items", "is for JSON, where columns has paths")
	}
	if m.json && len(m.groupBy) > 0 {
		p.problems.add("group_by", "is for the lines of a table")
	}
}
