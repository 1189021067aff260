package table

import (
	"bytes"
	"testing"
)

func TestWriteAligns(t *testing.T) {
	tab := New("ID", "FATE", "WHY")
	tab.Add("a", Cell{"delivered", Green}, "")
	tab.Add("größer", Cell{"dead", Red}, 7)
	tab.Add("evil\x1b[2J\n", "x", "y")
	var plain, color bytes.Buffer
	if err := tab.Write(&plain, false); err != nil {
		t.Fatal(err)
	}
	want := "ID         FATE       WHY\n" +
		"a          delivered\n" +
		"größer     dead       7\n" +
		"evil·[2J·  x          y\n"
	if plain.String() != want {
		t.Errorf("got\n%q\nwant\n%q", plain.String(), want)
	}
	if err := tab.Write(&color, true); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(color.Bytes(), []byte("\x1b[32mdelivered\x1b[0m")) {
		t.Errorf("no color in %q", color.String())
	}
}
