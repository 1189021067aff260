package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// askedAsCommand is the environment variable that makes the test binary behave as the command, for the scripts in
// TestShells.
const askedAsCommand = "OMNICAPI_TEST_AS_COMMAND"

func TestComplete(t *testing.T) {
	p := newPipeline(t)
	t.Chdir(t.TempDir())
	for name, tt := range map[string]struct{ words, want string }{
		"commands":             {"| de", "demo deadletters"},
		"subcommands":          {"deadletters|", "list show replay export"},
		"flags":                {"deadletters list|--o", "--output"},
		"a flag is given once": {"deadletters list --output json|--o", ""},
		"but headers often":    {"send --header x --header y|--he", "--help --header"},
		"no hidden command":    {"|comp", "completion"},
		"enum":                 {"topics list --output|", "table json"},
		"format":               {"send --format|sh", "shopify"},
		"one word":             {"send|--format=sh", "--format=shopify"},
		"bash's words":         {"send --format =|sh", "shopify"},
		"bash's = of a format": {"send --output|=", "table json"},
		"reason":               {"deadletters replay --reason|unknown_s", "unknown_source"},
		"channel":              {"deadletters export --channel|w", "website whatsapp"},
		"source":               {"send -c " + p.file + " --source|", "lines store website"},
		"source, -c behind =":  {"send --config=" + p.file + " --source|s", "store"},
		"dataset":              {"deadletters list --config " + p.file + " --dataset|", "shop"},
		"no configuration":     {"send --source|", ""},
		"files":                {"send|sal", ":files"},
		"a flag's file":        {"up -c|", ":files"},
		"an event's id":        {"trace|", ""},
		"behind --":            {"send --|--f", ":files"},
		"shells":               {"completion|z", "zsh"},
	} {
		t.Run(name, func(t *testing.T) {
			before, last, _ := strings.Cut(tt.words, "|")
			args := append([]string{"complete", "--"}, strings.Fields(before)...)
			o := command(t, append(args, strings.TrimSpace(last))...).mustExit(t, 0)
			var got []string
			for line := range strings.Lines(o.out) {
				text, _, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
				got = append(got, text)
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("%v, want %s", got, tt.want)
			}
		})
	}
}

// TestShells sources each completion script in its shell, if that is installed, and completes a command line with it.
func TestShells(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	link := "#!/bin/sh\nexport " + askedAsCommand + "=1\nexec '" + self + "' \"$@\"\n"
	if err := os.WriteFile(filepath.Join(bin, "omnicapi"), []byte(link), 0o700); err != nil {
		t.Fatal(err)
	}
	for shell, script := range map[string]string{
		"bash": `source <(omnicapi completion bash)
			complete -p omnicapi >/dev/null
			try() { COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _omnicapi; echo "${COMPREPLY[*]}"; }
			try omnicapi send --format sh
			try omnicapi send --format = sh
			try omnicapi deadletters li
			try omnicapi send sal`,
		"zsh": `compdef() { true }; _files() { true }
			_describe() { for text in $found; print -n -- "${text%%:*} "; print }
			source <(omnicapi completion zsh)
			try() { words=("$@") CURRENT=$#; _omnicapi || print }
			try omnicapi send --format sh
			try omnicapi send --format=sh
			try omnicapi deadletters li
			try omnicapi send sal`,
		"fish": `omnicapi completion fish | source
			function try; set -l found (complete -C "$argv" | string replace -r "\t.*" ""); echo "$found"; end
			try omnicapi send --format sh
			try omnicapi send --format=sh
			try omnicapi deadletters li
			try omnicapi send sal`,
	} {
		t.Run(shell, func(t *testing.T) {
			if _, err := exec.LookPath(shell); err != nil {
				t.Skip("no", shell)
			}
			cmd := exec.CommandContext(t.Context(), shell, "-c", script)
			cmd.Dir = t.TempDir()
			cmd.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "HOME="+cmd.Dir)
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			var got []string
			for line := range strings.Lines(string(out)) {
				got = append(got, strings.TrimSpace(line))
			}
			whole := "shopify"
			if shell != "bash" { // which makes words of --format=sh
				whole = "--format=shopify"
			}
			if want := []string{"shopify", whole, "list", ""}; strings.Join(got, "|") != strings.Join(want, "|") {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}
