package catalog

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/format"
)

// Missing says what a format's folder lacks, each as a sentence for whoever adds it. What its Format must say, the list's
// own test holds.
func Missing(repo fs.FS, f *format.Format) []string {
	var missing []string
	say := func(text string, args ...any) { missing = append(missing, fmt.Sprintf(text, args...)) }
	if _, err := pageOf(repo, f); errors.Is(err, fs.ErrNotExist) {
		say("it has no page: %s tells how its senders are pointed here, below the heading \"# `%s`\" and one line that says what it is", in(f, "README.md"), f.Name)
	} else if err != nil {
		say("its page cannot be listed: %v", err)
	}
	if operations, err := undocumented(repo, f); err != nil {
		say("its operations cannot be read: %v", err)
	} else {
		for _, o := range operations {
			say("%s lacks %s", in(f, "openapi.yaml"), o)
		}
	}
	source := `\bformat: ` + regexp.QuoteMeta(f.Name) + `[,}\s]`
	if !mentions(repo, in(f, "sample.yaml"), source) && !mentions(repo, initial, source) {
		say("`config init` does not show it: put a source of it into %s", in(f, "sample.yaml"))
	}
	if !mentions(repo, in(f, "recorded/sources.yaml"), source) {
		say("its recorded requests have no source: put one into %s", in(f, "recorded/sources.yaml"))
	}
	if f.Signature != nil && !exists(repo, in(f, "recorded/secrets/"+f.Name)) {
		say("its recorded requests are signed with no secret: put it into %s", in(f, "recorded/secrets/"+f.Name))
	}
	missing = append(missing, unrecorded(repo, f)...)
	return append(missing, unfuzzed(repo, f)...)
}

// unrecorded says which golden file of which recorded request is missing.
func unrecorded(repo fs.FS, f *format.Format) (missing []string) {
	const answers = "go test ./services/ingest/internal/httpapi -run TestSenders/%[2]s -update"
	const signals = "go test ./services/normalizer/internal/handle -run TestRecorded/%[2]s -update"
	requests, err := fs.Glob(repo, in(f, "recorded/*.http"))
	if err != nil || len(requests) == 0 {
		return []string{"it has no recorded request: put one of a real sender's into " + in(f, "recorded/CASE.http")}
	}
	for _, request := range requests {
		name := strings.TrimSuffix(request, ".http")
		for _, golden := range []struct{ kind, by string }{{"answer", answers}, {"raw.json", answers}, {"signals.json", signals}} {
			if file := name + "." + golden.kind; !exists(repo, file) {
				missing = append(missing, fmt.Sprintf("%[1]s is missing: "+golden.by+" writes it", file, f.Name))
			}
		}
	}
	return missing
}

// unfuzzed says whether a receiver of the format's own has no fuzz target.
func unfuzzed(repo fs.FS, f *format.Format) []string {
	tests, err := fs.Glob(repo, in(f, "*_test.go"))
	if err != nil || !exists(repo, in(f, "receive.go")) {
		return nil
	}
	for _, file := range tests {
		if mentions(repo, file, `(?m)^func Fuzz`) {
			return nil
		}
	}
	return []string{"no fuzz target feeds it: add FuzzReceive and FuzzMap to " + in(f, "*_test.go")}
}

func exists(repo fs.FS, file string) bool {
	_, err := fs.Stat(repo, file)
	return err == nil
}

func mentions(repo fs.FS, file, pattern string) bool {
	content, err := fs.ReadFile(repo, file)
	return err == nil && regexp.MustCompile(pattern).Match(content)
}
