package lifecycle

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/version"
)

func configFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "omnicapi.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestMainExitCodes(t *testing.T) {
	good := configFile(t, "sandbox: {listen: 0}")
	bad := configFile(t, "sandbox: {listen: nowhere}\nsandbix: {}")
	done := func(context.Context, *config.Config, Deps) error { return nil }
	for name, tt := range map[string]struct {
		args []string
		run  Run
		want int
		say  string // in what is written
	}{
		"runs":              {[]string{"-c", good}, done, ExitDone, ""},
		"canceled":          {[]string{"-c", good}, func(context.Context, *config.Config, Deps) error { return context.Canceled }, ExitDone, ""},
		"fails":             {[]string{"--config=" + good}, func(context.Context, *config.Config, Deps) error { return errors.New("broken") }, ExitFailed, "broken"},
		"checks":            {[]string{"--check", "-c", good}, nil, ExitDone, "is good"},
		"bad configuration": {[]string{"-c", bad}, nil, ExitUsage, "line 2: sandbix: unknown key: did you mean sandbox?"},
		"missing file":      {[]string{"-c", good + ".gone"}, nil, ExitUsage, "no such file"},
		"no value":          {[]string{"-c"}, nil, ExitUsage, "-c needs a file"},
		"unknown flag":      {[]string{"--chek"}, nil, ExitUsage, "type --check"},
		"unknown file flag": {[]string{"--conf", good}, nil, ExitUsage, "type -c FILE"},
		"argument":          {[]string{good}, nil, ExitUsage, "type -c FILE"},
		"version":           {[]string{"--version"}, nil, ExitDone, "sandbox " + version.Get().String()},
		"no verbose":        {[]string{"-v"}, nil, ExitUsage, "type --version"},
		"help":              {[]string{"--help"}, nil, ExitDone, "Exit codes"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			if got := mainWith(t.Context(), "sandbox", config.RoleSandbox, tt.run, nil, tt.args, nil, &out, &out); got != tt.want {
				t.Errorf("exit %d, want %d", got, tt.want)
			}
			if !strings.Contains(out.String(), tt.say) {
				t.Errorf("%q is not in:\n%s", tt.say, &out)
			}
		})
	}
}

// TestMainAsksChecks: an error of a check is reported as one of the configuration, by --check and before the app runs.
func TestMainAsksChecks(t *testing.T) {
	good := configFile(t, "sandbox: {listen: 0}")
	wrong := func(*config.Config) error {
		return config.Problems{{Path: "sources.a.mapping", What: "a.json: is no JSON"}, {Path: "sources.b.mapping", What: "gone"}}
	}
	run := func(context.Context, *config.Config, Deps) error { t.Error("ran"); return nil }
	for _, args := range [][]string{{"-c", good}, {"--check", "-c", good}} {
		var out bytes.Buffer
		if got := mainWith(t.Context(), "sandbox", config.RoleSandbox, run, []Check{wrong}, args, nil, &out, &out); got != ExitUsage {
			t.Errorf("%v: exit %d, want %d", args, got, ExitUsage)
		}
		for _, want := range []string{good, "sources.a.mapping: a.json: is no JSON", "sources.b.mapping: gone"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%v: %q is not in:\n%s", args, want, &out)
			}
		}
	}
}

// TestHelperProcess is the process that TestSignals starts: this test binary as a service that ends with its context,
// or does not.
func TestHelperProcess(t *testing.T) {
	mode := os.Getenv("LIFECYCLE_HELPER")
	if mode == "" {
		return // only a process of TestSignals plays it
	}
	os.Args = []string{"sandbox", "-c", os.Getenv("LIFECYCLE_CONFIG")}
	os.Exit(Main("sandbox", config.RoleSandbox, func(ctx context.Context, _ *config.Config, _ Deps) error {
		fmt.Println("up")
		<-ctx.Done()
		fmt.Println("stopping")
		if mode == "deaf" {
			select {}
		}
		return ctx.Err()
	}))
}

func TestSignals(t *testing.T) {
	for mode, want := range map[string]int{"polite": ExitDone, "deaf": ExitFailed} {
		t.Run(mode, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestHelperProcess$")
			cmd.Env = append(os.Environ(), "LIFECYCLE_HELPER="+mode, "LIFECYCLE_CONFIG="+configFile(t, ""))
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewScanner(out)
			for _, line := range []string{"up", "stopping"} {
				if !lines.Scan() || lines.Text() != line {
					t.Errorf("read %q, want %q", lines.Text(), line)
				}
				if line == "stopping" && mode == "polite" {
					break // it ends by itself
				}
				if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
					t.Error(err)
				}
			}
			err = cmd.Wait()
			if got := cmd.ProcessState.ExitCode(); got != want {
				t.Errorf("exit %d (%v), want %d", got, err, want)
			}
		})
	}
}
