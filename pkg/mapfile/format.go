package mapfile

import (
	"strconv"
	"strings"
	"time"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/nearest"
	"github.com/omnicapi/omnicapi/pkg/phone"
)

// format is how a file is written.
type format struct {
	kind       Kind   // "": any
	sheet      string // "": the first
	separator  byte   // 0: found out
	quote      byte   // 0: none
	encoding   string
	headerRows int // -1: not said
	skipRows   int
	blank      bool   // blank rows are refused, not skipped
	decimal    byte   // 0: the amount itself must make it clear
	layout     string // Go layout; "": the usual ones
	zone       *time.Location
	country    string
	items      []step // JSON mappings: where the items of a body are; nil: the body or its elements
}

// jsonKind is format.type of JSON mappings, which Split does not take.
const jsonKind Kind = "json"

// The encodings.
const (
	utf8Encoding = "utf-8"
	windows1252  = "windows-1252"
)

func newFormat() format {
	return format{quote: '"', encoding: utf8Encoding, headerRows: -1}
}

func (p *parser) formatSection(v []byte) {
	f := &p.m.format
	ok := object(v, func(key string, v []byte) {
		at := "format." + key
		switch key {
		case "type":
			if f.kind = Kind(p.text(at, v)); f.kind != CSV && f.kind != XLSX && f.kind != jsonKind {
				p.problems.add(at, "is none of csv, xlsx and json")
			}
		case "items":
			var wrong string
			if f.items, wrong = parsePath(p.text(at, v)); wrong != "" {
				p.problems.add(at, wrong)
			}
		case "sheet":
			f.sheet = p.text(at, v)
		case "separator":
			f.separator = p.separator(at, v)
		case "quote":
			text := p.text(at, v)
			if f.quote = 0; len(text) == 1 && text[0] > ' ' && text[0] < 0x7f {
				f.quote = text[0]
			} else if text != "" {
				p.problems.add(at, "is not one character")
			}
		case "encoding":
			f.encoding = p.encoding(at, v)
		case "header_rows":
			f.headerRows = p.count(at, v, 10)
		case "skip_rows":
			f.skipRows = p.count(at, v, 1000)
		case "skip_blank_rows":
			f.blank = jsonscan.Kind(v) == 'f'
			if k := jsonscan.Kind(v); k != 't' && k != 'f' {
				p.problems.add(at, "is not true or false")
			}
		case "decimal":
			switch text := p.text(at, v); text {
			case ".", ",":
				f.decimal = text[0]
			case "auto":
				f.decimal = 0
			default:
				p.problems.add(at, `is none of "." "," and "auto"`)
			}
		case "date_format":
			if f.layout = p.text(at, v); !usableLayout(f.layout) {
				p.problems.add(at, "is no Go layout of the date 2 January 2006, 15:04:05, such as 02/01/2006 15:04")
			}
		case "timezone":
			zone, err := time.LoadLocation(p.text(at, v))
			if f.zone = zone; err != nil {
				p.problems.add(at, "is no IANA time zone such as America/New_York")
			}
		case "default_country_code":
			f.country = p.country(at, v)
		default:
			p.problems.add(at, "unknown key"+nearest.DidYouMean(key, formatKeys)+"; known are "+listed(formatKeys))
		}
	})
	if !ok {
		p.problems.add("format", "is no object")
	}
}

func (p *parser) separator(at string, v []byte) byte {
	switch text := p.text(at, v); text {
	case "auto":
		return 0
	case ";", ",", "\t", "|":
		return text[0]
	case "tab":
		return '\t'
	}
	p.problems.add(at, `is none of ";" "," "\t" "|" and "auto"`)
	return 0
}

func (p *parser) encoding(at string, v []byte) string {
	switch strings.ToLower(p.text(at, v)) {
	case "utf-8", "utf8", "utf-8-bom", "utf8-bom":
		return utf8Encoding
	case "windows-1252", "cp1252":
		return windows1252
	}
	p.problems.add(at, "is none of utf-8, utf-8-bom and windows-1252")
	return utf8Encoding
}

func (p *parser) count(at string, v []byte, limit int) int {
	n, err := strconv.Atoi(string(jsonscan.Trim(v)))
	if err != nil || n < 0 || n > limit {
		p.problems.add(at, "is no number from 0 to "+strconv.Itoa(limit))
		return 0
	}
	return n
}

// country reads a calling code ("1", "+44") or an ISO alpha-2 code.
func (p *parser) country(at string, v []byte) string {
	country := phone.Country(string(jsonscan.Text(v, nil)))
	if country == "" {
		p.problems.add(at, `is no calling code such as "1" or "44", nor a country's two letters`)
	}
	return country
}

// usableLayout finds out whether a layout keeps the day: DD/MM/YYYY would not.
func usableLayout(layout string) bool {
	want := time.Date(2019, time.November, 28, 23, 47, 0, 0, time.UTC)
	got, err := time.Parse(layout, want.Format(layout))
	return err == nil && got.YearDay() == want.YearDay() && got.Year() == want.Year()
}
