package main

import (
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// candidate is a word that the shell may offer, and what it means.
type candidate struct{ text, help string }

// candidates are all words that the shell may offer; files says that it may offer names of files too.
type candidates struct {
	words []candidate
	files bool
}

// line is what the words before the last one, which is being completed, mean.
type line struct {
	command  *kong.Node
	value    *kong.Value // the flag whose value is next
	args     int         // positional words
	used     map[string]bool
	flags    configFlags
	onlyArgs bool // behind --
}

// complete returns what the shell may offer for the last of words.
func complete(root *kong.Node, words, environ []string) candidates {
	before := "" // --flag= of the last word, in the shells that do not make words of it
	if len(words) > 0 && strings.HasPrefix(words[len(words)-1], "--") {
		if name, _, ok := strings.Cut(words[len(words)-1], "="); ok {
			before = name + "="
		}
	}
	words = splitEquals(words)
	last := ""
	if len(words) > 0 {
		last, words = words[len(words)-1], words[:len(words)-1]
	}
	l := line{command: root, used: map[string]bool{}}
	for _, w := range words {
		l.take(w)
	}
	var found candidates
	switch {
	case l.value != nil && last == "=":
		found, last = l.valuesOf(l.value, environ), ""
	case l.value != nil:
		found = l.valuesOf(l.value, environ)
	case strings.HasPrefix(last, "-") && !l.onlyArgs:
		found = candidates{words: l.flagsLeft()}
	case len(l.command.Children) > 0:
		found = candidates{words: l.commands()}
	case len(l.command.Positional) > 0:
		found = l.valuesOf(l.command.Positional[min(l.args, len(l.command.Positional)-1)], environ)
	}
	found.words = slices.DeleteFunc(found.words, func(c candidate) bool { return !strings.HasPrefix(c.text, last) })
	for i := range found.words {
		found.words[i].text = before + found.words[i].text
	}
	return found
}

// splitEquals splits --flag=value into three words (--flag, =, value), as bash does.
func splitEquals(words []string) []string {
	var out []string
	for _, w := range words {
		name, value, ok := strings.Cut(w, "=")
		switch {
		case !ok || !strings.HasPrefix(w, "--"):
			out = append(out, w)
		case value == "":
			out = append(out, name, "=")
		default:
			out = append(out, name, "=", value)
		}
	}
	return out
}

// take notes what one whole word of the line means for the words after it.
func (l *line) take(word string) {
	switch {
	case l.value != nil && word == "=":
	case l.value != nil:
		switch l.value.Name {
		case "config":
			l.flags.Config = word
		case "data":
			l.flags.Data = word
		}
		l.value = nil
	case word == "--":
		l.onlyArgs = true
	case strings.HasPrefix(word, "-") && !l.onlyArgs:
		if f := l.flag(word); f != nil {
			l.used[f.Name] = !f.IsSlice()
			if !f.IsBool() {
				l.value = f.Value
			}
		}
	default:
		for _, child := range l.command.Children {
			if child.Name == word {
				l.command = child
				return
			}
		}
		l.args++
	}
}

func (l *line) flag(word string) *kong.Flag {
	for _, group := range l.command.AllFlags(true) {
		for _, f := range group {
			if word == "--"+f.Name || f.Short != 0 && word == "-"+string(f.Short) {
				return f
			}
		}
	}
	return nil
}

func (l *line) flagsLeft() (left []candidate) {
	for _, group := range l.command.AllFlags(true) {
		for _, f := range group {
			if !l.used[f.Name] {
				left = append(left, candidate{"--" + f.Name, firstSentence(f.Help)})
			}
		}
	}
	return left
}

func (l *line) commands() (names []candidate) {
	for _, child := range l.command.Children {
		if !child.Hidden {
			names = append(names, candidate{child.Name, firstSentence(child.Help)})
		}
	}
	return names
}

// valuesOf returns the values that a flag or an argument may have: those of its enum, else those that its tag `complete`
// names.
func (l *line) valuesOf(v *kong.Value, environ []string) candidates {
	if v.Enum != "" {
		return listed(v.EnumSlice())
	}
	switch v.Tag.Get("complete") {
	case "channel":
		return listed(topic.Channels)
	case "dataset":
		return listed(l.configured(environ, func(cfg *config.Config) []string { return slices.Sorted(maps.Keys(cfg.Datasets)) }))
	case "file":
		return candidates{files: true}
	case "format":
		return listed(all.Names())
	case "reason":
		var names []string
		for _, r := range fault.DeadReasons {
			names = append(names, string(r))
		}
		return listed(names)
	case "stage":
		return listed([]string{string(fault.Normalizer), string(fault.Forwarder)})
	case "source":
		return listed(l.configured(environ, func(cfg *config.Config) []string { return slices.Sorted(maps.Keys(cfg.Sources)) }))
	}
	return candidates{}
}

// configured returns the names that the line's configuration holds, none if that configuration cannot be loaded.
func (l *line) configured(environ []string, names func(*config.Config) []string) []string {
	cfg, err := l.flags.load(terminal{environ: environ, stdout: io.Discard, stderr: io.Discard})
	if err != nil {
		return nil
	}
	return names(cfg)
}

func listed(texts []string) (found candidates) {
	for _, text := range texts {
		found.words = append(found.words, candidate{text: text})
	}
	return found
}

func firstSentence(help string) string {
	first, _, _ := strings.Cut(help, "; ")
	return strings.TrimSuffix(first, ".")
}
