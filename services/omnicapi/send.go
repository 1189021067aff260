package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/mapfile"
	"github.com/omnicapi/omnicapi/pkg/visible"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/local"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/sender"
)

type sendCommand struct {
	configFlags
	outputFlags
	dryRunFlags
	Source     string        `placeholder:"NAME" complete:"source" help:"The source of the configuration that the files are from."`
	To         string        `placeholder:"URL" help:"Ingest, like https://ingest.example.com; by default this machine's ingest.listen."`
	SecretFile string        `placeholder:"FILE" complete:"file" help:"What the source presents; by default the first of its secrets."`
	Proxy      string        `placeholder:"URL" help:"A proxy to go through; by default none: variables like HTTPS_PROXY do not count."`
	CAFile     string        `name:"ca-file" placeholder:"FILE" complete:"file" help:"PEM of who has issued ingest's certificate; by default whom this machine trusts."`
	CertFile   string        `placeholder:"FILE" complete:"file" help:"PEM of the source's client certificate, where it proves itself by one."`
	KeyFile    string        `placeholder:"FILE" complete:"file" help:"PEM of its key."`
	GiveUp     time.Duration `default:"15m" help:"How long a request is repeated while ingest is busy or away."`
	Files      []string      `arg:"" name:"file" complete:"file" help:"CSV, XLSX or NDJSON files, as the source's format says; with --dry-run, bodies or recorded requests of any format."`
}

func (sendCommand) Help() string {
	return `A stopped run goes on where it was: it notes beside each file how far it came (FILE.omnicapi-send). Refused rows are
printed by number and reason, the others are stored; exit 1 when a row was refused.

Examples:
  omnicapi send --source store sales.csv
  omnicapi send --source store --to https://ingest.example.com --secret-file store.key sales-*.xlsx
  omnicapi send --dry-run --source store sales.csv
  omnicapi send --dry-run --reveal --source store sales.csv
  omnicapi send --dry-run --format shopify --header 'X-Shopify-Topic: orders/paid' order.json`
}

func (c *sendCommand) Run(ctx context.Context, t terminal) error {
	if c.DryRun {
		return c.dryRun(ctx, t)
	}
	switch {
	case c.any():
		return usagef("--format, --mapping, --header, --reveal and --at are for --dry-run")
	case c.Source == "":
		return usagef("whose files are they? type --source NAME")
	}
	cfg, source, err := c.sourceOf(t)
	if err != nil {
		return err
	}
	split, salt, err := splitter(source, c.Source, int(cfg.Ingest.MaxEvent))
	if err != nil {
		return err
	}
	secret, err := c.secret(source)
	if err != nil {
		return err
	}
	base := c.To
	if base == "" {
		base = local.URL(cfg.Ingest.Listen)
		if cfg.Ingest.TLS.CertFile != "" {
			base = "https" + strings.TrimPrefix(base, "http")
		}
	}
	if u, err := url.Parse(base); err != nil || u.Host == "" {
		return usagef("--to is no URL: type it like https://ingest.example.com")
	}
	client, err := c.client()
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	s := &sender.Sender{
		Source: c.Source, URL: strings.TrimRight(base, "/") + "/v1/sources/" + c.Source, Secret: secret,
		MaxBody: int(cfg.Ingest.MaxBody), GiveUp: c.GiveUp, Client: client,
	}
	if err := c.lookForFiles(); err != nil {
		return err
	}
	refused := 0
	for i, file := range c.Files {
		res, err := c.file(ctx, t, s, file, split, salt)
		refused += res.Refused
		if err != nil {
			return c.stopped(t, i, res, err)
		}
		if err := c.summary(t, res); err != nil {
			return err
		}
	}
	if refused > 0 {
		return errQuiet
	}
	return nil
}

// sourceOf returns the configuration, and the source in it that --source names.
func (c *sendCommand) sourceOf(t terminal) (*config.Config, config.Source, error) {
	cfg, err := c.load(t)
	if err != nil {
		return nil, config.Source{}, err
	}
	source, ok := cfg.Sources[c.Source]
	if !ok {
		known := strings.Join(slices.Sorted(maps.Keys(cfg.Sources)), ", ")
		return nil, config.Source{}, usagef("no source %s in the configuration: type --source with one of %s", c.Source, known)
	}
	return cfg, source, nil
}

// splitter returns what splits a source's files into rows. salt is the text of the mapping file that it needs, which is
// part of a file's fingerprint.
func splitter(s config.Source, name string, maxEvent int) (split sender.Split, salt []byte, err error) {
	switch s.Format {
	case "ndjson":
		return sender.Lines(maxEvent), nil, nil
	case "csv", "xlsx":
		if salt, err = os.ReadFile(s.Mapping); err != nil {
			return nil, nil, fmt.Errorf("reading the mapping of source %s: %w", name, err)
		}
		m, err := mapfile.Parse(salt)
		if err != nil {
			return nil, nil, usagef("the mapping %s is wrong:\n%w", s.Mapping, err)
		}
		return sender.Mapped(m, mapfile.Kind(s.Format)), salt, nil
	}
	return nil, nil, usagef("source %s is of format %s, which is no file: send is for csv, xlsx and ndjson", name, s.Format)
}

func (c *sendCommand) secret(s config.Source) (func() string, error) {
	file := c.SecretFile
	if file == "" && len(s.Secrets) > 0 {
		file = s.Secrets[0]
	}
	if file == "" {
		return func() string { return "" }, nil
	}
	secret, err := config.OpenSecret(file)
	if err != nil {
		return nil, err
	}
	return secret.Reveal, nil
}

func (c *sendCommand) file(ctx context.Context, t terminal, s *sender.Sender, path string, split sender.Split, salt []byte) (res sender.Result, err error) {
	res.File = path
	f, err := os.Open(path)
	if err != nil {
		return res, fmt.Errorf("opening the file: %w", errors.Unwrap(err))
	}
	defer func() { _ = f.Close() }() // only read
	mark, size, err := fingerprint(f, salt)
	if err != nil {
		return res, err
	}
	bar := progressbar.NewOptions64(size, progressbar.OptionSetWriter(t.stderr), progressbar.OptionShowBytes(true),
		progressbar.OptionSetDescription(visible.Text(path)), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionSetVisibility(isTerminal(t.stderr)))
	s.Progress = func(n int64) { _ = bar.Set64(min(n, size)) } // it is only a picture
	s.Waiting = func(why error, d time.Duration) {
		t.warn("%s: trying again in %s", why, max(d.Round(100*time.Millisecond), 100*time.Millisecond))
	}
	var failed error
	s.Refused = func(r sender.Refusal) {
		if c.json() {
			failed = errors.Join(failed, printJSON(t.stdout, r))
			return
		}
		t.say("%s: row %d refused: %s", r.File, r.Row, reasonOf(r))
	}
	res, err = s.File(ctx, path, mark, f, split)
	_ = bar.Finish()
	return res, errors.Join(err, failed)
}

func reasonOf(r sender.Refusal) string {
	text := r.Reason
	if r.Field != "" {
		text = r.Field + ": " + text
	}
	if r.Column != "" {
		text = "column " + r.Column + ", " + text
	}
	if r.Detail != "" {
		text += ": " + r.Detail
	}
	return text
}

// fingerprint returns a hash of salt and the file's content, by which a later run knows the same file, and rewinds the
// file.
func fingerprint(f *os.File, salt []byte) (sum string, size int64, err error) {
	h := sha256.New()
	h.Write(salt)
	h.Write([]byte{0})
	if size, err = io.Copy(h, f); err != nil {
		return "", 0, fmt.Errorf("reading the file: %w", err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", 0, fmt.Errorf("reading the file: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), size, nil
}

func (c *sendCommand) summary(t terminal, res sender.Result) error {
	if c.json() {
		return printJSON(t.stdout, res)
	}
	resumed := ""
	if res.Resumed > 0 {
		resumed = fmt.Sprintf(" (resumed after row %d)", res.Resumed)
	}
	t.say("%s: %d events stored, %d refused%s", res.File, res.Accepted, res.Refused, resumed)
	return nil
}
