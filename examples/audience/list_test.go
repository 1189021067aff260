package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestListSurvivesACrash: a line that was cut is written over, whole ones are known.
func TestListSurvivesACrash(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audience.txt")
	if err := os.WriteFile(path, []byte(jane+"\n"+john[:9]), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := openList(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, add := range [][]string{{jane}, {john, john}, {judy, jane}} {
		if err := l.add(add); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.close(); err != nil {
		t.Fatal(err)
	}
	if err := l.add([]string{"d4"}); err == nil {
		t.Error("said to be written to a closed file")
	}
	got, err := os.ReadFile(path)
	if want := jane + "\n" + john + "\n" + judy + "\n"; err != nil || string(got) != want {
		t.Errorf("%q, %v", got, err)
	}
}
