package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/telemetry"
	"github.com/omnicapi/omnicapi/pkg/version"
	"github.com/omnicapi/omnicapi/pkg/visible"
)

// Deps is what a process hands to an app's Run. Started may be nil; it is called once per listener, with the service's
// name for the public one, "<service> admin" for the operators' and "<service> metrics" for that of scraping ("ingest", "ingest admin",
// …). Disk is nil unless the process keeps the log of Kafka itself; its error says why the log can't be written, and is shown by /readyz.
type Deps struct {
	Log     *slog.Logger
	Level   *slog.LevelVar
	Started func(name, addr string)
	Disk    func() error
}

// Announce tells Started, if there is one, that a listener is open.
func (d Deps) Announce(name, addr string) {
	if d.Started != nil {
		d.Started(name, addr)
	}
}

// The exit codes that every process uses.
const (
	ExitDone   = 0
	ExitFailed = 1
	ExitUsage  = 2 // wrong usage or configuration
)

// Run is the type of an app's function Run.
type Run func(ctx context.Context, cfg *config.Config, d Deps) error

// Check checks the files that a configuration names, beyond what config.Load does. Its error counts as one of the
// configuration.
type Check func(cfg *config.Config) error

// Main is the whole main function of a service: the flags -c FILE, --check, --ready and --version, the configuration,
// the logger, signals (a second one ends the process at once) and the exit code: 0 done, 1 failed, 2 wrong usage or
// configuration. The checks are made before run is called, and by --check.
func Main(service string, role config.Role, run func(ctx context.Context, cfg *config.Config, d Deps) error, checks ...Check) (exit int) {
	ctx, stop := Signals(context.Background())
	defer stop()
	return mainWith(ctx, service, role, run, checks, os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
}

func mainWith(ctx context.Context, service string, role config.Role, run Run, checks []Check, args, environ []string, stdout, stderr io.Writer) int {
	f, err := parseFlags(args)
	if err != nil {
		say(stderr, "%s: %v\n%s", service, err, usage(service))
		return ExitUsage
	}
	if f.help {
		say(stdout, "%s", usage(service))
		return ExitDone
	}
	if f.version {
		say(stdout, "%s %s\n", service, version.Get())
		return ExitDone
	}
	cfg, warnings, err := config.Load(f.file, environ, role)
	if err == nil && !f.ready {
		err = checked(cfg, checks)
	}
	if err != nil {
		say(stderr, "%s: the configuration %s is wrong:\n%s\n", service, config.Find(f.file, environ), indent(err.Error()))
		return ExitUsage
	}
	log, level := telemetry.Logger(stderr, service)
	for _, w := range warnings {
		log.Warn("configuration", "warning", w)
	}
	if f.check {
		say(stdout, "%s: the configuration %s is good\n", service, cfg.File)
		return ExitDone
	}
	if f.ready {
		if err := askReady(ctx, readyURL(cfg, role)); err != nil {
			say(stderr, "%s: %v\n", service, err)
			return ExitFailed
		}
		return ExitDone
	}
	if err := run(ctx, cfg, Deps{Log: log, Level: level}); err != nil && !errors.Is(err, context.Canceled) {
		log.Error("ended", "error", err)
		return ExitFailed
	}
	return ExitDone
}

// checked returns the first error of the checks.
func checked(cfg *config.Config, checks []Check) error {
	for _, check := range checks {
		if err := check(cfg); err != nil {
			return err
		}
	}
	return nil
}

// Signals returns a context that ends with the first SIGINT or SIGTERM; a second one ends the process at once.
func Signals(parent context.Context) (ctx context.Context, stop context.CancelFunc) {
	ctx, cancel := context.WithCancel(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	done := make(chan struct{})
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		select {
		case <-signals:
			cancel()
		case <-done:
			return
		}
		select {
		case <-signals:
			os.Exit(ExitFailed) //nolint:revive // deep-exit: a second signal does not wait for anybody
		case <-done:
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(done)
		<-finished
		cancel()
	}
}

// say writes to a person. Errors are ignored: a closed terminal is no reason to fail.
func say(w io.Writer, format string, args ...any) {
	_, _ = io.WriteString(w, visible.Lines(fmt.Sprintf(format, args...)))
}

func indent(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }
