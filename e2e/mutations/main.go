package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

func main() {
	list := flag.Bool("list", false, "list the mutations")
	flag.Parse()
	if *list {
		listAll(os.Stdout)
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := runAll(ctx, flag.Args(), os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func listAll(out io.Writer) {
	for i := range mutations {
		m := &mutations[i]
		fmt.Fprintf(out, "%s\n    %s\n    %s %s\n", m.name, m.breaks, m.in, m.test)
	}
}

// runAll runs the named mutations, all if none is named, one at a time. It tells out which one runs and what came of it, at the
// end or when it is stopped all of them together, and returns an error unless each was caught.
func runAll(ctx context.Context, names []string, out io.Writer) error {
	chosen, err := choose(names)
	if err != nil {
		return err
	}
	root, err := rootOf(".")
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "omnicapi-mutations-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	r := runner{root: root, dir: dir, sound: map[string]error{}}
	return report(ctx, chosen, r.run, out)
}

// report runs each mutation and tells out of it.
func report(ctx context.Context, chosen []mutation, run func(context.Context, *mutation) error, out io.Writer) error {
	began := time.Now()
	var caught int
	var missed []string
	for i := range chosen {
		m := &chosen[i]
		fmt.Fprintf(out, "%2d of %d  %s: %s %s\n", i+1, len(chosen), m.name, m.in, m.test)
		start := time.Now()
		err := run(ctx, m)
		if ctx.Err() != nil {
			fmt.Fprintf(out, "          stopped\n")
			break
		}
		took := time.Since(start).Round(time.Second / 10)
		if err != nil {
			missed = append(missed, m.name)
			fmt.Fprintf(out, "          NOT CAUGHT after %s: %s\n          %v\n", took, m.breaks, err)
			continue
		}
		caught++
		fmt.Fprintf(out, "          caught in %s\n", took)
	}
	fmt.Fprintf(out, "%d of %d mutations caught in %s\n", caught, len(chosen), time.Since(began).Round(time.Second))
	for _, name := range missed {
		fmt.Fprintf(out, "not caught: %s\n", name)
	}
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("stopped before the end: %w", ctx.Err())
	case len(missed) > 0:
		return errors.New("a break of the promise passes the tests")
	}
	return nil
}

func choose(names []string) ([]mutation, error) {
	if len(names) == 0 {
		return mutations, nil
	}
	var chosen []mutation
	for _, name := range names {
		i := slices.IndexFunc(mutations, func(m mutation) bool { return m.name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no mutation %q: -list shows them", name)
		}
		chosen = append(chosen, mutations[i])
	}
	return chosen, nil
}

// rootOf is the folder of go.work, at or above dir.
func rootOf(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.work")); err == nil {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("there is no go.work here or above")
		}
		dir = up
	}
}
