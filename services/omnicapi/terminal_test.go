package main

import (
	"strings"
	"testing"
)

func TestCalledAs(t *testing.T) {
	const hash = "903a6e9aa39dd0dea726c22a46b0444c56e9e893c84b5b6486fa2eaac7e59bca"
	root := func(path string) bool { return path == "services/omnicapi" }
	inside := func(path string) bool { return path == "internal/table" }
	for name, tt := range map[string]struct {
		arg0   string
		folder func(string) bool
		want   string
	}{
		"from the path":        {"omnicapi", root, "omnicapi"},
		"built":                {"bin/omnicapi", root, "bin/omnicapi"},
		"of this folder":       {"./omnicapi", inside, "./omnicapi"},
		"in an image":          {"/service", root, "/service"},
		"with a blank":         {"/my tools/omnicapi", root, "'/my tools/omnicapi'"},
		"go run":               {"/tmp/go-build351/b001/exe/omnicapi", root, "go run ./services/omnicapi"},
		"go run, cached":       {"/home/me/.cache/go-build/90/" + hash + "-d/omnicapi", root, "go run ./services/omnicapi"},
		"go run in its folder": {"/tmp/go-build351/b001/exe/omnicapi", inside, "go run ."},
		"nothing":              {"", root, "omnicapi"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := calledAs(tt.arg0, tt.folder); got != tt.want {
				t.Errorf("%s, want %s", got, tt.want)
			}
		})
	}
}

// TestHintsRepeatTheCall: a hint can be pasted into the shell, for it names the program as it was called and the
// configuration that was given.
func TestHintsRepeatTheCall(t *testing.T) {
	t.Chdir(t.TempDir())
	run := func(args ...string) string { return commandAs(t.Context(), "go run ./services/omnicapi", args...).out }
	said := run("config", "init", "my shop.yaml")
	for _, want := range []string{
		"go run ./services/omnicapi config check -c 'my shop.yaml'",
		"go run ./services/omnicapi up -c 'my shop.yaml'",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("no %s in: %s", want, said)
		}
	}
	if said := run("config", "check", "-c", "my shop.yaml"); !strings.Contains(said, "only go run ./services/omnicapi up -c 'my shop.yaml' runs it") {
		t.Error(said)
	}
	if said := run("--help"); !strings.Contains(said, "Usage: go run ./services/omnicapi <command>") {
		t.Error(said)
	}
	o := commandAs(t.Context(), "bin/omnicapi", "topics", "list", "-c", "my shop.yaml").mustExit(t, 1)
	if !strings.Contains(o.errs, "start bin/omnicapi up -c 'my shop.yaml'") {
		t.Error(o.errs)
	}
	commandAs(t.Context(), "bin/omnicapi", "trace").mustExit(t, 2).mustSay(t, "type bin/omnicapi trace --help")
	commandAs(t.Context(), "bin/omnicapi", "trase").mustExit(t, 2).mustSay(t, "type bin/omnicapi --help")
}
