package table

import (
	"bytes"
	"strings"
	"testing"
)

func TestWriteAligns(t *testing.T) {
	tab := New("ID", "FATE", "WHY")
	tab.Add("a", Cell{"delivered", Green}, "")
	tab.Add("größer", Cell{"dead", Red}, 7)
	tab.Add("evil\x1b[2J\n", "x", "y")
	tab.Add("購入", "x", "y")
	var plain, color bytes.Buffer
	if err := tab.Write(&plain, Screen{}); err != nil {
		t.Fatal(err)
	}
	want := "ID               FATE       WHY\n" +
		"a                delivered\n" +
		"größer           dead       7\n" +
		`evil\u001b[2J\n  x          y` + "\n" +
		"購入             x          y\n"
	if plain.String() != want {
		t.Errorf("got\n%s\nwant\n%s", plain.String(), want)
	}
	if err := tab.Write(&color, Screen{Color: true}); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(color.Bytes(), []byte("\x1b[32mdelivered\x1b[0m")) {
		t.Errorf("no color in %q", color.String())
	}
}

func TestWriteFitsTheScreen(t *testing.T) {
	long := strings.Repeat("0123456789", 20)
	for name, tt := range map[string]struct {
		cut   []string
		cells []any
		width int
		want  string
	}{
		"ids first":           {[]string{"ID"}, []any{"order-" + long, "delivered", "x"}, 30, "order-0…456789  delivered  x"},
		"the widest first":    {[]string{"ID", "WHY"}, []any{"order-1234567", "delivered", long}, 40, "order-1234567  delivered  0123456…456789"},
		"all, if need be":     {[]string{"ID"}, []any{long, long, long}, 40, "0123…789  0123456…456789  0123456…456789"},
		"80 columns if unset": {nil, []any{"a", "b", long}, 0, "a   b     01234567890123456789012345678901234…6789012345678901234567890123456789"},
		"wide runes":          {[]string{"ID"}, []any{strings.Repeat("購", 40), "b", "c"}, 21, "購購…購購   b     c"},
	} {
		t.Run(name, func(t *testing.T) {
			tab := New("ID", "FATE", "WHY").Cut(tt.cut...)
			tab.Add(tt.cells...)
			var out bytes.Buffer
			if err := tab.Write(&out, Screen{Width: tt.width}); err != nil {
				t.Fatal(err)
			}
			width := tt.width
			if width == 0 {
				width = Width
			}
			for line := range strings.Lines(out.String()) {
				if n := columns(strings.TrimSuffix(line, "\n")); n > width {
					t.Errorf("%d columns: %s", n, line)
				}
			}
			if row := strings.Split(out.String(), "\n")[1]; row != tt.want {
				t.Errorf("\n%s, want\n%s", row, tt.want)
			}
		})
	}
}
