// Package version says which build a process is. Every command prints it, /version and omnicapi_build_info show it: they agree
// because they all ask here. It refuses to guess: what neither the linker nor Go's build information says is "unknown".
package version

import (
	"encoding/json"
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
)

// A release sets them: go build -ldflags "-X github.com/omnicapi/omnicapi/pkg/version.tag=v1.2.3 -X ….commit=…".
var (
	tag    string
	commit string
)

// Info is what is known of a build.
type Info struct {
	Version string `json:"version"` // the release's tag, v1.2.3; else what Go made of the commit, or "devel"
	Commit  string `json:"commit"`
	Go      string `json:"go"`
}

// Get is this process's build.
func Get() Info {
	built, ok := debug.ReadBuildInfo()
	if !ok {
		built = &debug.BuildInfo{}
	}
	return of(tag, commit, built)
}

// of prefers what the linker was told to what Go found out itself.
func of(tag, commit string, built *debug.BuildInfo) Info {
	i := Info{Version: tag, Commit: commit, Go: runtime.Version()}
	if i.Version == "" {
		i.Version = built.Main.Version
	}
	if i.Version == "" || i.Version == "(devel)" {
		i.Version = "devel"
	}
	for _, s := range built.Settings {
		if s.Key == "vcs.revision" && i.Commit == "" {
			i.Commit = s.Value
		}
	}
	if i.Commit == "" {
		i.Commit = "unknown"
	}
	return i
}

// String is for people: v1.2.3 (commit 0123abc, go1.26.8).
func (i Info) String() string { return fmt.Sprintf("%s (commit %s, %s)", i.Version, i.Commit, i.Go) }

// Handler answers with the build and the name of the service.
func Handler(service string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		_ = json.NewEncoder(w).Encode(struct { // the caller may have gone
			Service string `json:"service"`
			Info
		}{service, Get()})
	}
}
