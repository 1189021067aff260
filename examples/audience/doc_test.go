package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

var snippet = regexp.MustCompile("(?s)```go\n// ([a-z]+\\.go)\n(.*?)```\n")

// TestDocIsTheCode: the snippets of docs/add-a-consumer.md are this folder's files, whole and in their order.
func TestDocIsTheCode(t *testing.T) {
	doc, err := os.ReadFile("../../docs/add-a-consumer.md")
	if err != nil {
		t.Fatal(err)
	}
	written := map[string][]string{}
	for _, s := range snippet.FindAllStringSubmatch(string(doc), -1) {
		written[s[1]] = append(written[s[1]], s[2])
	}
	if found, all := len(snippet.FindAll(doc, -1)), strings.Count(string(doc), "```go"); found != all {
		t.Errorf("%d of %d Go snippets name no file in their first line", all-found, all)
	}
	for _, file := range []string{"main.go", "purchases.go", "list.go"} {
		code, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(written[file], "\n"); got != string(code) {
			t.Errorf("%s and its snippets differ:\n%s", file, firstDifference(got, string(code)))
		}
		delete(written, file)
	}
	for file := range written {
		t.Errorf("a snippet is of %s", file)
	}
}

func firstDifference(doc, code string) string {
	d, c := strings.Split(doc, "\n"), strings.Split(code, "\n")
	for i := range min(len(d), len(c)) {
		if d[i] != c[i] {
			return "doc:  " + d[i] + "\ncode: " + c[i]
		}
	}
	return "one is longer"
}
