package visible_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/omnicapi/omnicapi/pkg/visible"
)

// TestText: what a terminal obeys or does not draw is an escape, everything else stays.
func TestText(t *testing.T) {
	for text, want := range map[string]string{
		"Purchase": "Purchase",
		"Käse 購入 👍🏽 e\u0301 ❤\ufe0f":           "Käse 購入 👍🏽 e\u0301 ❤\ufe0f",
		"a\nfate     delivered":                `a\nfate     delivered`,
		"\x1b[31mred\x1b]0;title\a":            `\u001b[31mred\u001b]0;title\u0007`,
		"\u009b31m\u0085":                      `\u009b31m\u0085`,
		"a\u202egnp.exe\u202c":                 `a\u202egnp.exe\u202c`,
		"\u2066x\u2069\u200e\u200f\u061c":      `\u2066x\u2069\u200e\u200f\u061c`,
		"a\u200bb\u200dc\ufeffd\u2060e\u00adf": `a\u200bb\u200dc\ufeffd\u2060e\u00adf`,
		"a\u2028b\u2029c":                      `a\u2028b\u2029c`,
		"a\u00a0b\u3000c\u2800d\u3164e":        `a\u00a0b\u3000c\u2800d\u3164e`,
		"tags \U000e0041\U000e0100":            `tags \udb40\udc41\udb40\udd00`,
		"\r\t\b\x00\x7f":                       `\r\t\u0008\u0000\u007f`,
		"\xff\xc3(\ufffd":                      "\\xff\\xc3(\ufffd",
	} {
		if got := visible.Text(text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	if got := visible.Lines("a\n\tb\r\u202e"); got != "a\n\tb\\r\\u202e" {
		t.Errorf("%q", got)
	}
}

// TestWriter: what is written through it is the same JSON without a rune that a terminal obeys.
func TestWriter(t *testing.T) {
	var b bytes.Buffer
	want := map[string]string{"a\u009b": "x\u202e\U000e0041\u2028\x7fü"}
	e := json.NewEncoder(visible.Writer(&b))
	e.SetEscapeHTML(false)
	if err := e.Encode(want); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v: %s", err, b.String())
	}
	if strings.ContainsFunc(strings.TrimSpace(b.String()), func(r rune) bool { return !unicode.IsPrint(r) }) {
		t.Errorf("%q", b.String())
	}
}

// FuzzText: every rune of what is shown is drawn, and JSON stays the same JSON.
func FuzzText(f *testing.F) {
	for _, seed := range []string{"a\x1b[0m\u202e", "\xff\u2028", "\U000e0041"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := visible.Text(text)
		if !utf8.ValidString(got) || strings.ContainsFunc(got, func(r rune) bool { return !unicode.IsPrint(r) && r != utf8.RuneError }) {
			t.Errorf("%q: %q", text, got)
		}
		if again := visible.Text(got); again != got {
			t.Errorf("%q: %q, then %q", text, got, again)
		}
		document, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		var before, after string
		if json.Unmarshal(document, &before) != nil || json.Unmarshal(visible.JSON(document), &after) != nil || before != after {
			t.Errorf("%q: %s", text, visible.JSON(document))
		}
	})
}
