package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// usually is how long a test may take; longest, how long a mutation may, its builds among it.
const (
	usually = "2m"
	longest = 15 * time.Minute
)

// runner runs tests with and without mutations.
type runner struct {
	root  string
	dir   string           // for its files
	sound map[string]error // by package and test: nil if it passes without a mutation
}

// run returns nil if the mutation is caught.
func (r *runner) run(ctx context.Context, m *mutation) error {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	key := m.in + " " + m.test
	if _, known := r.sound[key]; !known {
		_, err := r.test(ctx, m, "")
		r.sound[key] = err
	}
	if err := r.sound[key]; err != nil {
		return fmt.Errorf("its test does not pass without it: %w", err)
	}
	overlay, err := m.overlay(r.root, r.dir)
	if err != nil {
		return err
	}
	out, err := r.test(ctx, m, overlay)
	var failed *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("running %s: %w", m.test, ctx.Err())
	case err == nil:
		return fmt.Errorf("%s %s passes", m.in, m.test)
	case !errors.As(err, &failed):
		return err
	case !strings.Contains(out, "--- FAIL: "+m.test) && !strings.Contains(out, "panic: test timed out"):
		return fmt.Errorf("%s did not run to a failure of its own: %w\n%s", m.test, err, out)
	}
	return nil
}

// errBuild says that a mutation proves nothing: it does not compile.
var errBuild = errors.New("it does not compile")

// test compiles the package's tests with an overlay and runs the one of the mutation.
func (r *runner) test(ctx context.Context, m *mutation, overlay string) (out string, err error) {
	flags := os.Getenv("GOFLAGS")
	if overlay != "" {
		flags += " -overlay=" + overlay // in the environment, since a test may build binaries
	}
	env := append(os.Environ(), "GOFLAGS="+strings.TrimSpace(flags))
	if os.Getenv("KAFKA_TEST") == "" {
		env = append(env, "KAFKA_TEST=embedded")
	}
	bin := filepath.Join(r.dir, "test.exe")
	build := exec.CommandContext(ctx, "go", "test", "-c", "-o", bin, "./"+m.in) //nolint:gosec // what the list says
	build.Dir, build.Env = r.root, env
	if text, err := together(build); err != nil {
		return "", fmt.Errorf("%w: %w\n%s", errBuild, err, text)
	}
	timeout := m.timeout
	if timeout == "" {
		timeout = usually
	}
	args := []string{"-test.run", "^" + m.test + "$", "-test.count", "1", "-test.timeout", timeout}
	if deps, _ := os.ReadFile(bin); bytes.Contains(deps, []byte("rapid.nofailfile")) {
		args = append(args, "-rapid.nofailfile") // a property that fails leaves its case in the tree
	}
	run := exec.CommandContext(ctx, bin, args...) //nolint:gosec // as above
	run.Dir, run.Env = filepath.Join(r.root, m.in), env
	text, err := together(run)
	if err == nil && strings.Contains(string(text), "no tests to run") {
		return "", fmt.Errorf("%s has no %s", m.in, m.test)
	}
	return string(text), err
}
