package config

import (
	"context"
	"log/slog"
	"slices"
	"time"
)

// watchEvery is how often WatchSecrets looks at the files.
const watchEvery = 10 * time.Second

// SecretFiles are the files of secrets that a process uses, each once.
func (c *Config) SecretFiles(role Role) []string {
	var files []string
	add := func(some ...string) {
		for _, f := range some {
			if f != "" && !slices.Contains(files, f) {
				files = append(files, f)
			}
		}
	}
	add(c.Kafka.SASL.PasswordFile)
	add(c.Operators.TokenFiles...)
	for _, s := range c.Sources {
		switch role {
		case RoleIngest:
			add(s.Secrets...)
			add(s.VerifyTokenFile)
		case RoleNormalizer:
			add(s.TokenFile)
		}
	}
	if role == RoleForwarder {
		for _, d := range c.Datasets {
			add(d.TokenFile, d.AppSecretFile)
		}
	}
	slices.Sort(files)
	return files
}

// WatchSecrets returns a part that says once when one of the files can no longer be used, with what follows from that, and
// once when it can again; count is told how many cannot. A process goes on, so that nobody would see it before the next start
// fails.
func WatchSecrets(log *slog.Logger, files []string, follows string, count func(unusable int)) func(context.Context) error {
	return func(ctx context.Context) error {
		bad := make(map[string]bool, len(files))
		ticks := time.NewTicker(watchEvery)
		defer ticks.Stop()
		for {
			unusable := 0
			for _, file := range files {
				_, _, err := readSecret(file)
				switch {
				case err != nil && !bad[file]:
					//nolint:sloglint // follows is one of the constants below
					log.Warn("a secret file cannot be used: "+follows, "file", file, "error", err)
				case err == nil && bad[file]:
					log.Info("a secret file can be used again", "file", file)
				}
				if bad[file] = err != nil; bad[file] {
					unusable++
				}
			}
			count(unusable)
			select {
			case <-ticks.C:
			case <-ctx.Done():
				return nil
			}
		}
	}
}

// What follows when a secret file cannot be used: what we present goes on being presented, what others present is refused.
const (
	RefusesToken  = "what it held is refused, the next start fails"
	KeepsSecret   = "what it held goes on being used, but for an operator's token, which is refused; the next start fails"
	RefusesSecret = "what it held is refused once ingest.secret_grace has passed, of Kafka's password it goes on being used; the next start fails"
)
