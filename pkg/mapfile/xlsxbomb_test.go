package mapfile

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// allocated is what run allocates, in bytes, all of it: more than it holds at a time.
func allocated(run func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	run()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// inside opens a spreadsheet within bounds and reads it to its end: how many rows it has, what was refused of them, and
// what ended it.
func inside(file []byte, b bounds) (rows int, refused, end string) {
	t, err := openXLSX(bytes.NewReader(file), "", true, b)
	if err != nil {
		return 0, "", err.Error()
	}
	defer t.close()
	for {
		_, err := t.next()
		var cell *CellError
		switch {
		case err == nil:
			rows++
		case errors.Is(err, io.EOF):
			return rows, refused, ""
		case !isFatal(err) && errors.As(err, &cell):
			refused += cell.Error()
		default:
			return rows, refused, err.Error()
		}
	}
}

// TestXLSXBombs: small files that would unpack, or be read, to very much are refused in few words and little memory.
func TestXLSXBombs(t *testing.T) {
	const mib = 1 << 20
	many := strings.Repeat
	b := bounds{unpacked: mib, token: 64 << 10, parts: 100, sheets: 10, links: 20, elements: 5000, pieces: 100, depth: 12, cells: 1 << 20, text: 8 * mib}
	link := xmlHead + "<Relationships>" + many(`<Relationship Id="rId1"/>`, b.links+1) + "</Relationships>"
	for _, c := range []struct {
		name, part, xml, want string
	}{
		{"a large part", "xl/worksheets/sheet1.xml", sheet(many("<row>"+many("\n", 32<<10)+"</row>", 33)), "is larger than 1 MiB unpacked: save it as CSV"},
		{"a part that is no XML", "xl/media/image1.png", many("\x00", 2*mib), "is larger than 1 MiB unpacked: save it as CSV"},
		{"one long text", "xl/worksheets/sheet1.xml", sheet(many("\n", 128<<10)), "has a text longer than 64 KiB"},
		{"one long tag", "xl/worksheets/sheet1.xml", sheet("<row " + many(`a="" `, 30_000) + "/>"), "has a text longer than 64 KiB"},
		{"deep", "docProps/app.xml", many("<a>", b.depth+1) + many("</a>", b.depth+1), unreadableXLSX},
		{"many sheets", "xl/workbook.xml", workbook("<sheets>" + many(`<sheet name="a" sheetId="1" r:id="rId1"/>`, b.sheets+1) + "</sheets>"), "has more than 10 sheets"},
		{"many links", "xl/_rels/workbook.xml.rels", link, "has too many texts or links in it: save it as CSV"},
		{"many shared strings", "xl/sharedStrings.xml", sharedStrings(many("<si/>", b.elements)), "has too many texts or links in it: save it as CSV"},
		{"a shared string of many pieces", "xl/sharedStrings.xml", sharedStrings("<si>" + many("<r/>", b.pieces) + "</si>"), "has a text of more than 100 pieces"},
		{
			"entities", "xl/sharedStrings.xml", `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "` + many("a", 100) + `"><!ENTITY b "` + many("&a;", 100) + `">]>` +
				`<sst ` + mainSpace + `><si><t>&b;</t></si></sst>`, unreadableXLSX,
		},
		{"an entity that nobody declared", "xl/sharedStrings.xml", sharedStrings("<si><t>&b;</t></si>"), unreadableXLSX},
		{"another file", "xl/sharedStrings.xml", `<!DOCTYPE l SYSTEM "file:///etc/passwd">` + sharedStrings(""), unreadableXLSX},
		{"the name in other letters", `XL\SharedStrings.XML`, sharedStrings(many("<si/>", b.elements)), "has too many texts or links in it: save it as CSV"},

		{"sheets, just so", "xl/workbook.xml", workbook("<sheets>" + many(`<sheet name="a" sheetId="1" r:id="rId1"/>`, b.sheets) + "</sheets>"), ""},
		{"shared strings, just so", "xl/sharedStrings.xml", sharedStrings(many("<si/>", b.elements-1)), ""},
		{"pieces, just so", "xl/sharedStrings.xml", sharedStrings(many("<si>"+many("<r/>", b.pieces-1)+"</si>", 3)), ""},
		{"depth, just so", "docProps/app.xml", many("<a>", b.depth) + many("</a>", b.depth), ""},
		{"elements behind the shared strings", "xl/sharedStrings.xml", sharedStrings("<si/>" + many("<ext/>", b.pieces+1)), ""},
		{"a sheet named with another slash", `xl\worksheets\sheet9.xml`, sheet(many(`<row/>`, b.elements)), ""},
		{"a sheet's own elements do not count", "xl/worksheets/sheet1.xml", sheet(many(`<row><c><v>1</v></c></row>`, b.elements)), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := packed(t, parts(map[string]string{c.part: c.xml}))
			var end string
			used := allocated(func() { _, _, end = inside(file, b) })
			if end != c.want {
				t.Errorf("got %q, want %q", end, c.want)
			}
			if used > 16*mib && c.want != "" {
				t.Errorf("a file of %d KiB allocates %d MiB", len(file)>>10, used/mib)
			}
		})
	}
	t.Run("parts together", func(t *testing.T) {
		all := parts(nil)
		for i := range 2 {
			all["xl/media/"+string(rune('A'+i))] = many("\x00", mib)
		}
		if _, _, end := inside(packed(t, all), b); end != "is larger than 1 MiB unpacked: save it as CSV" {
			t.Error(end)
		}
	})
	t.Run("many parts", func(t *testing.T) {
		all := parts(nil)
		for i := range b.parts {
			all["xl/media/"+strconv.Itoa(i)] = ""
		}
		if _, _, end := inside(packed(t, all), b); end != "has more than 100 files in it" {
			t.Error(end)
		}
	})
	t.Run("packed", func(t *testing.T) {
		if _, _, end := inside(append([]byte(zipMark), make([]byte, 2*mib)...), b); end != "is larger than 1 MiB: save it as CSV" {
			t.Error(end)
		}
	})
}

// bomb is a spreadsheet of 80 MiB of zeros, of which the archive states another size.
func bomb(t *testing.T, stated uint64) []byte {
	t.Helper()
	var chunk, b bytes.Buffer
	f, err := flate.NewWriter(&chunk, flate.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(make([]byte, 1<<20)); err != nil {
		t.Fatal(err)
	}
	if err := f.Flush(); err != nil { // ends at a byte, so that the same bytes may follow
		t.Fatal(err)
	}
	packed := append(bytes.Repeat(chunk.Bytes(), 80), 3, 0) // and an empty last block
	z := zip.NewWriter(&b)
	w, err := z.CreateRaw(&zip.FileHeader{
		Name: "xl/media/image1.png", Method: zip.Deflate, CompressedSize64: uint64(len(packed)), UncompressedSize64: stated,
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(packed); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestXLSXZipBomb by the usual bounds: true to its size, or said to be 100 bytes.
func TestXLSXZipBomb(t *testing.T) {
	for stated, want := range map[uint64]string{80 << 20: "!!is larger than 64 MiB unpacked: save it as CSV", 100: "!!" + unreadableXLSX} {
		file := bomb(t, stated)
		var got []string
		used := allocated(func() { got = xlsxRows(t, `{}`, file) })
		if len(file) > 1<<20 || len(got) != 1 || got[0] != want || used > 16<<20 {
			t.Errorf("%d KiB that state %d bytes: %q, %d MiB allocated", len(file)>>10, stated, got, used>>20)
		}
	}
}

// TestXLSXRowsThatComeToVeryMuch end the file; a row that is too wide or too long is refused alone.
func TestXLSXRowsThatComeToVeryMuch(t *testing.T) {
	const good = `<row><c><v>1</v></c></row>`
	long := sharedStrings(`<si><t>` + strings.Repeat("a", 40_000) + `</t></si>`)
	b := usualBounds()
	b.cells, b.text = 3*maxColumns, 2<<20
	for _, c := range []struct {
		name, xml, refused, end string
		rows                    int
	}{
		{"one row of long texts", good + `<row>` + strings.Repeat(`<c t="s"><v>0</v></c>`, 30) + `</row>` + good, "row 2: is longer than 1 MiB", "", 2},
		{"one row of many cells", good + `<row>` + strings.Repeat(`<c><v>1</v></c>`, maxColumns+1) + `</row>` + good, "row 2: " + tooManyColumns, "", 2},
		{"cells before others, just so", strings.Repeat(`<row><c r="XFD1"><v>1</v></c></row>`, 3), "", "", 3},
		{
			"cells before others", strings.Repeat(`<row><c r="XFD1"><v>1</v></c></row>`, 4), "",
			"has more than 49152 cells, empty ones before others included: save it as CSV", 3,
		},
		{
			"one text in every cell", strings.Repeat(`<row>`+strings.Repeat(`<c t="s"><v>0</v></c>`, 20)+`</row>`, 3), "",
			"has more than 2 MiB of text in its cells: save it as CSV", 2,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := packed(t, parts(map[string]string{"xl/worksheets/sheet1.xml": sheet(c.xml), "xl/sharedStrings.xml": long}))
			rows, refused, end := inside(file, b)
			if rows != c.rows || refused != c.refused || end != c.end {
				t.Errorf("%d rows, refused %.200q, ends with %q", rows, refused, end)
			}
		})
	}
}
