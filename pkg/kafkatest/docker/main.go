// Command docker runs Apache Kafka in a container: it writes the broker's address on a line and removes the container
// when standard input ends. Package kafkatest runs it in a process of its own. It is the only package that uses
// testcontainers, and a module of its own, so that no other module's go.mod names the modules that it needs.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
)

func main() {
	signal.Ignore(os.Interrupt) // ^C ends the tests; the container goes when they are gone
	if err := run(context.Background(), os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, in io.Reader, out io.Writer) error {
	if err := answers(ctx); err != nil {
		return err
	}
	addr, stop, err := start(ctx)
	if err != nil {
		return fmt.Errorf("starting Apache Kafka: %w", err)
	}
	fmt.Fprintln(out, addr)
	_, _ = io.Copy(io.Discard, in) // its end is the sign
	if err := stop(); err != nil {
		return fmt.Errorf("removing the container: %w", err)
	}
	return nil
}
