package mapfile

import (
	"bytes"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/privacy"
)

// maxFields bounds a mapping, so that what is set is a few words of bits.
const maxFields = 256

// mapper is one call of Map.
type mapper struct {
	m        *Mapping
	e        *capi.Event
	zone     *time.Location
	header   *header
	row      int
	serial   bool // of a spreadsheet
	date1904 bool
	set      bits // fields that have a value
	lost     bits // fields of which a value was dropped
	badTime  bool
	said     privacy.Statement
	badMoney string // the field, in a table
	room     [64]byte
	dropped  []CellError
}

// bits is a set of fields.
type bits [maxFields / 64]uint64

func (b *bits) has(i int) bool { return b[i/64]&(1<<(i%64)) != 0 }
func (b *bits) add(i int)      { b[i/64] |= 1 << (i % 64) }

// Map fills e from an item: values still as the sender gave them, times and decimals converted. dropped names the fields
// whose cell could not be read. The error is a *fault.Error when the row cannot be an event. An event without customer
// information is mapped too: validation decides. Without a time in the mapping e has none.
func (m *Mapping) Map(item []byte, defaultZone *time.Location, e *capi.Event) (dropped []CellError, err error) {
	dropped, _, err = m.MapSaying(item, defaultZone, e)
	return dropped, err
}

// MapSaying is Map, and what the item says of consent.
func (m *Mapping) MapSaying(item []byte, defaultZone *time.Location, e *capi.Event) (
	dropped []CellError, said privacy.Statement, err error,
) {
	w := mapper{m: m, e: e, zone: defaultZone}
	if m.json {
		err = w.fromJSON(item)
	} else {
		err = w.fromTable(item)
	}
	if err != nil {
		return nil, privacy.Nothing, err
	}
	w.presets()
	w.compact()
	switch {
	case len(e.Name) == 0:
		return w.dropped, w.said, fault.New(fault.MissingField, "event_name")
	case w.badTime:
		return w.dropped, w.said, fault.New(fault.InvalidField, "event_time")
	case w.badMoney != "":
		return w.dropped, w.said, fault.New(fault.InvalidField, w.badMoney)
	case !e.TimeSet && m.find(eventTime) != nil:
		return w.dropped, w.said, fault.New(fault.MissingField, "event_time")
	}
	return w.dropped, w.said, nil
}

// fromTable maps an item that Split made.
func (w *mapper) fromTable(item []byte) error {
	var columns, lines []byte
	if !jsonscan.Object(item, func(key, v []byte) bool {
		switch string(key) {
		case MemberRow:
			w.row = smallInt(v)
		case memberColumns:
			columns = v
		case memberSerial:
			w.serial = jsonscan.Kind(v) == 't'
		case member1904:
			w.date1904 = jsonscan.Kind(v) == 't'
		case MemberLines:
			lines = v
		}
		return true
	}) || jsonscan.Kind(lines) != 'a' {
		return fault.New(fault.Undecodable, MemberLines)
	}
	var err error
	if w.header, err = w.m.headerOf(columns); err != nil {
		return fault.New(fault.Undecodable, memberColumns)
	}
	var room [64][]byte
	n := 0
	jsonscan.Array(lines, func(line []byte) bool {
		cells := room[:0]
		jsonscan.Array(line, func(cell []byte) bool {
			cells = append(cells, cell)
			return len(cells) < maxColumns
		})
		w.mapRow(cells)
		n++
		return n < maxLines
	})
	if n == 0 {
		return fault.New(fault.Undecodable, MemberLines)
	}
	return nil
}

// mapRow maps one row of the item: fields of the event come from the first row that has them, contents from each row.
func (w *mapper) mapRow(cells [][]byte) {
	content := -1
	for i := range w.m.fields {
		f := &w.m.fields[i]
		at := w.header.fields[i]
		if at >= len(cells) || (w.isSet(i) && !f.target.kind.isContent() && f.target.kind != customList) {
			continue
		}
		text := bytes.TrimSpace(jsonscan.Text(cells[at], nil))
		if len(text) == 0 || f.target.isNothing(text) {
			continue
		}
		if f.target.kind.isContent() && content < 0 {
			content = len(w.e.Custom.Contents)
		}
		if list := embedded(cells[at]); f.target.takesSeveral() && jsonscan.Kind(list) == 'a' {
			jsonscan.Array(list, func(v []byte) bool { w.value(i, v, content); return true })
			continue
		}
		w.put(i, cells[at], text, content)
	}
}

// fromJSON maps any JSON by its paths. A list goes where a target takes several values: each element is one of them, or,
// for contents, one of each content.
func (w *mapper) fromJSON(item []byte) error {
	if k := jsonscan.Kind(item); k != 'o' && k != 'a' {
		return fault.New(fault.Undecodable, "item")
	}
	for i := range w.m.fields {
		f := &w.m.fields[i]
		each := f.target.kind.isContent()
		many := each || f.target.takesSeveral() || f.target.kind == extInfo
		spread := many && (!each || !hasEvery(f.from.path))
		n := 0
		one := func(v []byte, at int) bool {
			if n++; n > maxLines {
				w.drop(i, "has more than 1000 values: the others are left out")
				return false
			}
			w.value(i, v, at)
			return true
		}
		walk(item, f.from.path, 0, func(v []byte, at int) bool {
			if w.isSet(i) && !many {
				return false
			}
			if spread {
				v = embedded(v)
			}
			if !spread || !isArray(v) {
				return one(v, at)
			}
			more := true
			eachElement(v, func(v []byte) bool {
				if each {
					at = n
				}
				more = one(v, at)
				return more
			})
			return more
		})
	}
	return nil
}

// value puts a JSON value. Objects and arrays go only where custom_data takes them as they are; elsewhere the first text of a
// list is the value.
func (w *mapper) value(i int, v []byte, at int) {
	t := &w.m.fields[i].target
	switch jsonscan.Kind(v) {
	case 'z', 0:
		if t.kind == extInfo {
			w.put(i, v, nil, at) // its places count
		}
		return
	case 'o', 'a':
		if t.kind.isPrivacy() || t.kind == customText && !t.id {
			w.put(i, v, nil, at)
			return
		}
		var only bool // of several amounts, or times, none is the one
		if v, only = firstText(v); v == nil || !t.isText() && !only {
			w.drop(i, "is no single value")
			return
		}
	}
	text := bytes.TrimSpace(jsonscan.Text(v, nil))
	if t.isNothing(text) {
		text = nil
	}
	if len(text) > 0 || t.kind == extInfo {
		w.put(i, v, text, at)
	}
}

func (w *mapper) isSet(i int) bool { return w.set.has(i) }

// put writes a value to its target, or drops it by name.
func (w *mapper) put(i int, raw, text []byte, content int) {
	t := &w.m.fields[i].target
	what := ""
	if !t.kind.isPrivacy() {
		what = w.spoiled(t, text)
	}
	if what == "" && t.id && t.kind != matchKey && len(text) > 0 {
		raw, text, what = w.identifier(raw, text)
	}
	if what == "" {
		what = w.write(t, w.m.fields[i].from.form, raw, text, content)
	}
	if what != "" {
		w.drop(i, what)
		return
	}
	w.set.add(i)
}

func (w *mapper) drop(i int, what string) {
	f := &w.m.fields[i]
	w.lost.add(i)
	w.badTime = w.badTime || f.target.kind == eventTime
	if f.target.money && !w.m.json {
		w.badMoney = f.target.path
	}
	w.dropped = append(w.dropped, CellError{Row: w.row, Column: f.from.label(w.header), Field: f.target.path, What: what})
}

// presets sets the defaults of fields that the row leaves empty. A field whose cell could not be read gets no default, which
// would be another value than the sender's.
func (w *mapper) presets() {
	for i := range w.m.defaults {
		d := &w.m.defaults[i]
		if f := d.field; f >= 0 && (w.isSet(f) || w.lost.has(f)) {
			continue
		}
		if d.target.kind == customCurrency && len(w.e.Custom.Currency) > 0 {
			continue // said beside the amount
		}
		w.write(&d.target, 0, nil, d.text, 0)
	}
}

// smallInt reads a row number; 0 if it is none.
func smallInt(v []byte) int {
	n := 0
	for _, b := range jsonscan.Trim(v) {
		if !isDigit(b) || n > 1e8 {
			return 0
		}
		n = n*10 + int(b-'0')
	}
	return n
}
