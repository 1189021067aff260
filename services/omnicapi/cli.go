package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/alecthomas/kong"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/pkg/version"
	"github.com/omnicapi/omnicapi/pkg/visible"
)

// cli holds every command, in the order in which --help lists them.
type cli struct {
	Demo        demoCommand        `cmd:"" help:"Run the whole pipeline with sample events: no configuration, no Docker."`
	Up          upCommand          `cmd:"" help:"Run all services in one process, and what the configuration leaves out."`
	Sandbox     sandboxCommand     `cmd:"" help:"Run Meta's endpoint for rehearsal."`
	Config      configCommand      `cmd:"" help:"Write a configuration, or say what is wrong with one."`
	Topics      topicsCommand      `cmd:"" help:"Create, check or list the topics, and write the rights on them."`
	Send        sendCommand        `cmd:"" help:"Post CSV, XLSX or NDJSON files to ingest."`
	Deadletters deadlettersCommand `cmd:"" help:"List, show, replay or export the events that could not go on."`
	Suppress    suppressCommand    `cmd:"" help:"Drop the events of persons: add, remove, list, import."`
	Operations  operationsCommand  `cmd:"" help:"List what operators did to events, and whose values they saw."`
	Trace       traceCommand       `cmd:"" help:"Show every stage of one event, its fate and Meta's fbtrace_id."`
	Audit       auditCommand       `cmd:"" help:"Add up what became of all events, and name what is missing."`
	Version     versionCommand     `cmd:"" help:"Say which build this is."`
	Completion  completionCommand  `cmd:"" help:"Print a script that completes commands, flags and values in a shell."`
	Complete    completeCommand    `cmd:"" hidden:"" help:"What that script asks: what the last word may be."`

	ShowVersion kong.VersionFlag `name:"version" help:"Say which build this is, and end."`
}

// usageError is the error of a command that was typed wrongly: exit code 2. Its text says what to type instead.
type usageError struct{ error }

func usagef(format string, args ...any) error {
	for i, arg := range args {
		if text, is := arg.(string); is {
			args[i] = visible.Text(text) // it was pasted, mostly
		}
	}
	return usageError{fmt.Errorf(format, args...)}
}

// errQuiet is a failure that the command has printed itself, so report prints nothing: exit code 1.
var errQuiet = errors.New("failed")

// exited is the exit code with which kong wants to end the process (after --help); a panic carries it out of kong's parser.
type exited int

func execute(ctx context.Context, args []string, t terminal) (code int) {
	defer func() {
		if e := recover(); e != nil {
			wish, ok := e.(exited)
			if !ok {
				panic(e)
			}
			code = int(wish)
		}
	}()
	var c cli
	parser, err := kong.New(&c,
		kong.Name(t.self()),
		kong.Description("Every channel of a business to Meta's Conversions API, by way of Kafka.\n\n"+
			"Start with: "+t.self()+" demo\n\nExit codes: 0 done, 1 failed, 2 wrong usage or configuration."),
		kong.Writers(t.stdout, t.stderr),
		kong.Exit(func(code int) { panic(exited(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Vars{"version": named(version.Get())},
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(t),
	)
	if err != nil {
		t.warn("omnicapi: %v", err)
		return lifecycle.ExitFailed
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		t.warn("omnicapi: %s\ntype %s --help", err.Error(), at(err, t.self()))
		return lifecycle.ExitUsage
	}
	return report(t, parsed.Run())
}

// at returns the full name of the command whose arguments could not be parsed, self if no command was recognized.
func at(err error, self string) string {
	var p *kong.ParseError
	if errors.As(err, &p) && p.Context != nil {
		if command := p.Context.Selected(); command != nil {
			return command.FullPath()
		}
	}
	return self
}

// report prints a command's error and returns the exit code.
func report(t terminal, err error) int {
	var usage usageError
	var problems config.Problems
	switch {
	case err == nil:
		return lifecycle.ExitDone
	case errors.Is(err, errQuiet):
		return lifecycle.ExitFailed
	case errors.As(err, &problems), errors.As(err, &usage):
		t.warn("omnicapi: %v", err)
		return lifecycle.ExitUsage
	case errors.Is(err, context.Canceled):
		t.warn("omnicapi: stopped")
		return lifecycle.ExitFailed
	}
	t.warn("omnicapi: %v", err)
	return lifecycle.ExitFailed
}
