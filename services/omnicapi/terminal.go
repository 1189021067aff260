package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/term"

	"github.com/omnicapi/omnicapi/pkg/visible"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/table"
)

// terminal is what a command knows of the place where it runs: its streams, its environment and how it was called.
type terminal struct {
	called         string // how a person called the command, to repeat in hints; see calledAs
	environ        []string
	stdout, stderr io.Writer
}

// self returns what to type to call the program again.
func (t terminal) self() string {
	if t.called == "" {
		return "omnicapi"
	}
	return t.called
}

// screen returns the terminal's width, at least table.Width, and whether it shows colors. If stdout is no terminal, the
// width is table.Width.
func (t terminal) screen() table.Screen {
	s := table.Screen{Width: table.Width, Color: t.color()}
	if f, ok := t.stdout.(*os.File); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil {
			s.Width = max(s.Width, width)
		}
	}
	return s
}

// color says whether stdout is a terminal that shows colors.
func (t terminal) color() bool {
	for _, e := range t.environ {
		if value, ok := strings.CutPrefix(e, "NO_COLOR="); ok && value != "" {
			return false
		}
	}
	return isTerminal(t.stdout)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// say prints a line for a person; it ignores errors, for a closed terminal is no reason to fail. Its arguments are shown as
// text, whoever wrote them: only a block may bring lines, only what table.Paint painted escape sequences.
func (t terminal) say(format string, args ...any) {
	_, _ = fmt.Fprintf(t.stdout, format+"\n", seen(args)...)
}

// warn is say for what is no result.
func (t terminal) warn(format string, args ...any) {
	_, _ = fmt.Fprintf(t.stderr, format+"\n", seen(args)...)
}

// block is a text of ours that has several lines; what it quotes from outside has none.
type block string

// seen is the arguments of a line as a person may see them.
func seen(args []any) []any {
	out := make([]any, len(args))
	for i, arg := range args {
		switch arg := arg.(type) {
		case string:
			out[i] = visible.Text(arg)
		case []byte:
			out[i] = visible.Text(string(arg))
		case block:
			out[i] = visible.Lines(string(arg))
		case error: // problems of a configuration are listed line by line
			out[i] = visible.Lines(arg.Error())
		case table.Painted:
			out[i] = string(arg)
		case fmt.Stringer:
			out[i] = visible.Text(arg.String())
		default:
			out[i] = arg
		}
	}
	return out
}

// cachedBy matches the name of the folder in Go's build cache where go run keeps a program: the program's hash.
var cachedBy = regexp.MustCompile(`^[0-9a-f]{64}-d$`)

// calledAs says how a process with this first argument was called: as a program of that name, or by go run, which builds it in
// a temporary folder (…/b001/exe/omnicapi) or finds it in its cache (…/1f/1f3c…-d/omnicapi).
func calledAs(arg0 string, isFolder func(string) bool) string {
	dir := filepath.Dir(arg0)
	built := filepath.Base(dir) == "exe" && strings.HasPrefix(filepath.Base(filepath.Dir(dir)), "b0")
	switch {
	case arg0 == "":
		return "omnicapi"
	case !built && !cachedBy.MatchString(filepath.Base(dir)):
		return quoted(arg0)
	case isFolder("services/omnicapi") || !isFolder("internal/table"):
		return "go run ./services/omnicapi"
	}
	return "go run ."
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// quoted returns a word quoted so that a shell takes it as one word.
func quoted(word string) string {
	if word != "" && !strings.ContainsFunc(word, needsQuotes) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

func needsQuotes(r rune) bool {
	plain := r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 127
	return !plain && !slices.Contains([]rune("-+./:,@%=~\\"), r)
}
