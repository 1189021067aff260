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

// WatchSecrets returns a part that says once when one of the files can no longer be used, and once when it can again. A
// process goes on with what the file held, so that nobody would see it before the next start fails.
func WatchSecrets(log *slog.Logger, files []string) func(context.Context) error {
	return func(ctx context.Context) error {
		bad := make(map[string]bool, len(files))
		ticks := time.NewTicker(watchEvery)
		defer ticks.Stop()
		for {
			for _, file := range files {
				_, _, err := readSecret(file)
				switch {
				case err != nil && !bad[file]:
					log.Warn("a secret file cannot be used: what it held goes on being used, the next start fails", "file", file, "error", err)
				case err == nil && bad[file]:
					log.Info("a secret file can be used again", "file", file)
				}
				bad[file] = err != nil
			}
			select {
			case <-ticks.C:
			case <-ctx.Done():
				return nil
			}
		}
	}
}
