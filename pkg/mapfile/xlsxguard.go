package mapfile

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// Bounds of a spreadsheet beside maxUnzipped. A real one of 64 MiB unpacked stays far below each.
const (
	maxParts   = 10_000  // files in the archive
	maxSheets  = 1000    // excelize compares each with each relation
	maxLinks   = 100_000 // relations of one part
	maxStrings = 1 << 21 // elements outside of sheets: excelize keeps each as a structure many times its size
	maxRuns    = 1000    // elements of one shared string: it is put together anew for each cell
	maxDepth   = 64      // of elements
	maxToken   = 1 << 20 // bytes of one tag or text
)

// errPart is what is wrong inside a spreadsheet; its words reach the sender.
type errPart string

func (e errPart) Error() string { return string(e) }

const unreadableXLSX = "is no readable XLSX file"

// guardXLSX looks through a spreadsheet before excelize does, which trusts the sizes that the archive states, keeps all
// shared strings as structures, and takes a sheet that breaks off for one that ends: rows would be lost silently.
func guardXLSX(data []byte) error {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return errPart(unreadableXLSX)
	}
	if len(archive.File) > maxParts {
		return errPart("has more than 10000 files in it")
	}
	left := int64(maxUnzipped)
	for _, f := range archive.File {
		if err := guardPart(f, &left); err != nil {
			var known errPart
			if errors.As(err, &known) {
				return known
			}
			return errPart(unreadableXLSX)
		}
	}
	return nil
}

// guardPart unpacks one file of the archive, within what is left of maxUnzipped; XML is to be well-formed.
func guardPart(f *zip.File, left *int64) error {
	part, err := f.Open()
	if err != nil {
		return err
	}
	defer func() { _ = part.Close() }()
	r := &leash{r: part, left: left}
	name := strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))
	if strings.HasSuffix(name, ".xml") || strings.HasSuffix(name, ".rels") {
		if err := guardXML(r, strings.HasPrefix(name, "xl/worksheets/sheet")); err != nil {
			return err
		}
	}
	r.token = -maxUnzipped // what follows is no token
	_, err = io.Copy(io.Discard, r)
	return err
}

// leash ends a read that goes on for too long, in one token or in all.
type leash struct {
	r     io.Reader
	left  *int64 // of the whole archive
	token int64  // bytes since the last token
}

func (l *leash) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	l.token += int64(n)
	switch *l.left -= int64(n); {
	case *l.left < 0:
		return 0, errPart("is larger than 64 MiB unpacked: save it as CSV")
	case l.token > maxToken:
		return 0, errPart("has a text longer than 1 MiB")
	}
	return n, err
}

// guardXML reads one part. A file type of its own, and with it entities, is refused: no spreadsheet has one.
func guardXML(r *leash, sheet bool) error {
	d := xml.NewDecoder(r)
	var depth, elements, sheets, links, runs int
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
				runs = 0
			}
		case xml.StartElement:
			depth++
			elements++
			switch {
			case e.Name.Local == "si":
				runs = 1
			case runs > 0:
				runs++
			case e.Name.Local == "sheet":
				sheets++
			case e.Name.Local == "Relationship":
				links++
			}
		}
		switch {
		case depth > maxDepth:
			return errPart(unreadableXLSX)
		case sheets > maxSheets:
			return errPart("has more than 1000 sheets")
		case links > maxLinks, !sheet && elements > maxStrings:
			return errPart("has too many texts or links in it: save it as CSV")
		case runs > maxRuns:
			return errPart("has a text of more than 1000 pieces")
		}
	}
}
