package version

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"runtime"
	"runtime/debug"
	"testing"
)

func TestLinkerBeforeBuildInformation(t *testing.T) {
	built := &debug.BuildInfo{
		Main:     debug.Module{Version: "v0.0.0-20261130070000-0123456789ab"},
		Settings: []debug.BuildSetting{{Key: "vcs", Value: "git"}, {Key: "vcs.revision", Value: "0123456789abcdef"}},
	}
	for name, tt := range map[string]struct {
		tag, commit string
		built       *debug.BuildInfo
		want        Info
	}{
		"release":        {"v1.2.3", "fedcba", built, Info{Version: "v1.2.3", Commit: "fedcba"}},
		"own build":      {"", "", built, Info{Version: "v0.0.0-20261130070000-0123456789ab", Commit: "0123456789abcdef"}},
		"go run":         {"", "", &debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}, Info{Version: "devel", Commit: "unknown"}},
		"no information": {"", "", &debug.BuildInfo{}, Info{Version: "devel", Commit: "unknown"}},
	} {
		t.Run(name, func(t *testing.T) {
			tt.want.Go = runtime.Version()
			if got := of(tt.tag, tt.commit, tt.built); got != tt.want {
				t.Errorf("%+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestString(t *testing.T) {
	if got, want := (Info{"v1.2.3", "abc", "go1.26.8"}).String(), "v1.2.3 (commit abc, go1.26.8)"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestHandlerNamesTheService(t *testing.T) {
	w := httptest.NewRecorder()
	Handler("ingest")(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/version", nil))
	var got map[string]string
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	i := Get()
	want := map[string]string{"service": "ingest", "version": i.Version, "commit": i.Commit, "go": i.Go}
	for key, value := range want {
		if got[key] != value {
			t.Errorf("%s: %q, want %q", key, got[key], value)
		}
	}
	if len(got) != len(want) {
		t.Error(got)
	}
}
