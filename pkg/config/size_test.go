package config

import (
	"testing"

	"pgregory.net/rapid"
)

func TestParseSize(t *testing.T) {
	for text, want := range map[string]Size{
		"1MiB": 1 << 20, "256KiB": 256 << 10, "900KB": 900_000, "4096": 4096, "12B": 12, "2 GiB": 2 << 30, "1kB": 1000, "0": 0,
	} {
		if got, err := ParseSize(text); err != nil || got != want {
			t.Errorf("%q: %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"", "MiB", "-1", "1.5MiB", "1 big", "9223372036854775807KiB", "0x10", "+1"} {
		if got, err := ParseSize(text); err == nil {
			t.Errorf("%q: %d, no error", text, got)
		}
	}
}

func TestSizePrintsWhatItReads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := Size(rapid.Int64Min(0).Draw(t, "size"))
		if got, err := ParseSize(want.String()); err != nil || got != want {
			t.Fatalf("%d prints %s, which reads %d, %v", want, want, got, err)
		}
	})
}
