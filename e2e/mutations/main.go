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
)

func main() {
	list := flag.Bool("list", false, "list the mutations")
	flag.Parse()
	if *list {
		listAll(os.Stdout)
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
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

// runAll runs the named mutations, all if none is named, tells out of each, and returns an error if one was not caught.
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
	caught := 0
	for i := range chosen {
		m := &chosen[i]
		switch err := r.run(ctx, m); {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			fmt.Fprintf(out, "NOT CAUGHT  %s: %s\n            %v\n", m.name, m.breaks, err)
		default:
			caught++
			fmt.Fprintf(out, "caught      %s (%s)\n", m.name, m.test)
		}
	}
	fmt.Fprintf(out, "%d of %d mutations caught\n", caught, len(chosen))
	if caught < len(chosen) {
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
