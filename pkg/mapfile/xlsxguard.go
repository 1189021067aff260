package mapfile

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// bounds of a spreadsheet. A real one of 64 MiB unpacked stays far below the others.
type bounds struct {
	unpacked int64 // bytes, of the file and of what is in it
	token    int64 // bytes of one tag or text
	parts    int   // files in the archive
	sheets   int   // excelize compares each with each relation
	links    int   // relations of one part
	elements int   // of one part that is no sheet: excelize keeps shared strings as structures many times their size
	pieces   int   // elements of one shared string: it is put together anew for each cell
	depth    int   // of elements
	cells    int   // of all rows: one at the right end has thousands of empty ones before it
	text     int   // bytes in all cells: what is stored once may stand in every cell
}

func usualBounds() bounds {
	return bounds{
		unpacked: 64 << 20, token: 1 << 20, parts: 10_000, sheets: 1000, links: 100_000, elements: 1 << 21, pieces: 1000, depth: 64,
		cells: 16 << 20, text: 512 << 20,
	}
}

// errPart is what is wrong inside a spreadsheet; its words reach the sender.
type errPart string

func (e errPart) Error() string { return string(e) }

const unreadableXLSX = "is no readable XLSX file"

// check looks through a spreadsheet before excelize does, which trusts the sizes that the archive states, keeps all
// shared strings as structures, and takes a sheet that breaks off for one that ends: rows would be lost silently.
func (b *bounds) check(data []byte) error {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return errPart(unreadableXLSX)
	}
	if len(archive.File) > b.parts {
		return errPart(fmt.Sprintf("has more than %d files in it", b.parts))
	}
	left := b.unpacked
	for _, f := range archive.File {
		if err := b.checkPart(f, &left); err != nil {
			var known errPart
			if errors.As(err, &known) {
				return known
			}
			return errPart(unreadableXLSX)
		}
	}
	return nil
}

// checkPart unpacks one file of the archive, within what is left of all; XML is to be well-formed.
func (b *bounds) checkPart(f *zip.File, left *int64) error {
	part, err := f.Open()
	if err != nil {
		return err
	}
	defer func() { _ = part.Close() }()
	r := &boundedReader{r: part, bounds: b, left: left}
	name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
	if strings.HasSuffix(name, ".xml") || strings.HasSuffix(name, ".rels") {
		if err := b.checkXML(r, strings.HasPrefix(name, "xl/worksheets/sheet")); err != nil {
			return err
		}
	}
	r.token = -b.unpacked // what follows is no token
	_, err = io.Copy(io.Discard, r)
	return err
}

// boundedReader fails once a single XML token or the whole unpacked archive is larger than its bounds.
type boundedReader struct {
	r      io.Reader
	bounds *bounds
	left   *int64 // of the whole archive
	token  int64  // bytes since the last token
}

func (r *boundedReader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	r.token += int64(n)
	switch *r.left -= int64(n); {
	case *r.left < 0:
		return 0, errPart(fmt.Sprintf("is larger than %d MiB unpacked: save it as CSV", r.bounds.unpacked>>20))
	case r.token > r.bounds.token:
		return 0, errPart(fmt.Sprintf("has a text longer than %d KiB", r.bounds.token>>10))
	}
	return n, err
}

// checkXML reads one part. A file type of its own, and with it entities, is refused: no spreadsheet has one.
func (b *bounds) checkXML(r *boundedReader, sheet bool) error {
	d := xml.NewDecoder(r)
	var depth, elements, sheets, links, pieces int
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		r.token = 0
		switch e := token.(type) {
		case xml.Directive:
			return errPart(unreadableXLSX)
		case xml.EndElement:
			if depth--; e.Name.Local == "si" {
				pieces = 0
			}
		case xml.StartElement:
			depth++
			elements++
			switch {
			case e.Name.Local == "si":
				pieces = 1
			case pieces > 0:
				pieces++
			case e.Name.Local == "sheet":
				sheets++
			case e.Name.Local == "Relationship":
				links++
			}
		}
		switch {
		case depth > b.depth:
			return errPart(unreadableXLSX)
		case sheets > b.sheets:
			return errPart(fmt.Sprintf("has more than %d sheets", b.sheets))
		case links > b.links, !sheet && elements > b.elements:
			return errPart("has too many texts or links in it: save it as CSV")
		case pieces > b.pieces:
			return errPart(fmt.Sprintf("has a text of more than %d pieces", b.pieces))
		}
	}
}
