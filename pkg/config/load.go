package config

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
)

const (
	defaultFile  = "omnicapi.yaml"
	maxFileBytes = 4 << 20
)

// Find returns the file that Load would read: path, else $OMNICAPI_CONFIG, else ./omnicapi.yaml if it is there, else "".
func Find(path string, environ []string) string {
	if path != "" {
		return path
	}
	for _, entry := range environ {
		if file, ok := strings.CutPrefix(entry, envFile+"="); ok && file != "" {
			return file
		}
	}
	if _, err := os.Stat(defaultFile); err == nil {
		return defaultFile
	}
	return ""
}

// Load reads path ("" takes $OMNICAPI_CONFIG, else ./omnicapi.yaml), the environment, and checks all of it for a role.
// Its error is Problems. Warnings (unknown OMNICAPI_* variables, …) are for the log. Only the sandbox and the command
// run without a file.
func Load(path string, environ []string, role Role) (cfg *Config, warnings []string, err error) {
	file := Find(path, environ)
	if file == "" {
		if role == RoleSandbox || role == RoleCommand {
			return parseConfig(nil, "", environ, role)
		}
		return nil, nil, Problems{{What: "no configuration: give -c FILE, set " + envFile + " or write ./" + defaultFile +
			" (omnicapi config init makes one)"}}
	}
	data, err := readFile(file)
	if err != nil {
		return nil, nil, Problems{{What: unreadableFile(file, path, err)}}
	}
	return parseConfig(data, file, environ, role)
}

// unreadableFile says which file cannot be read, who named it, and how one is made.
func unreadableFile(file, named string, err error) string {
	what := "reading " + file
	if named == "" && file != defaultFile {
		what += " (from " + envFile + ")"
	}
	what += ": " + err.Error()
	if errors.Is(err, errNoFile) {
		what += ": omnicapi config init " + file + " writes one"
	}
	return what
}

var errNoFile = errors.New("no such file")

func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errNoFile
	case err != nil:
		return nil, fileError(err)
	case info.IsDir():
		return nil, errors.New("is a folder")
	case info.Size() > maxFileBytes:
		return nil, errors.New("is larger than 4 MiB")
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fileError(err)
	}
	return data, nil
}

// parseConfig is Load for the bytes of a file: read, override, decode, resolve, check.
func parseConfig(data []byte, file string, environ []string, role Role) (*Config, []string, error) {
	doc := readDocument(data)
	if doc.broken {
		return nil, nil, doc.problems
	}
	env := readEnv(environ, doc.values)
	cfg := merge(doc.values, env.values)
	cfg.File = file
	var err error
	cfg.Dir, err = filepath.Abs(filepath.Dir(file))
	if err != nil {
		return nil, nil, Problems{{What: "finding the folder of " + file + ": " + err.Error()}}
	}
	cfg.completePorts()
	problems := append(doc.problems, env.problems...)
	wrong := map[string]bool{}
	for _, p := range problems {
		wrong[p.Path] = true
	}
	c := check(cfg, role)
	for _, p := range c.problems {
		if wrong[p.Path] {
			continue // a problem of that value is reported already
		}
		if name := env.from[p.Path]; name != "" {
			p.What += " (from " + name + ")"
		} else {
			p.Line = lineOf(doc.lines, p.Path)
		}
		problems = append(problems, p)
	}
	if err := problems.err(); err != nil {
		return nil, env.warnings, err
	}
	cfg.resolve()
	cfg.Hash, err = hash(cfg)
	return cfg, append(env.warnings, c.warnings...), err
}

// lineOf is the line of a path, or of the nearest section that the file has.
func lineOf(lines map[string]int, path string) int {
	for path != "" {
		if n := lines[path]; n > 0 {
			return n
		}
		cut := strings.LastIndexByte(path, '.')
		if cut < 0 {
			return 0
		}
		path = path[:cut]
	}
	return 0
}

// resolve makes relative paths absolute; it comes after the checks, which name files as they were written.
func (c *Config) resolve() {
	abs := func(paths ...*string) {
		for _, p := range paths {
			*p = resolved(c.Dir, *p)
		}
	}
	abs(&c.Kafka.TLS.CAFile, &c.Kafka.TLS.CertFile, &c.Kafka.TLS.KeyFile, &c.Kafka.SASL.PasswordFile, &c.Ingest.Spool.Dir, &c.Ledger.Dir)
	for i := range c.Operators.TokenFiles {
		abs(&c.Operators.TokenFiles[i])
	}
	abs(&c.Ingest.TLS.CertFile, &c.Ingest.TLS.KeyFile, &c.Ingest.TLS.ClientCAFile)
	for name, d := range c.Datasets {
		abs(&d.TokenFile, &d.AppSecretFile)
		c.Datasets[name] = d
	}
	for name, s := range c.Sources {
		abs(&s.VerifyTokenFile, &s.TokenFile, &s.Mapping)
		for i := range s.Secrets {
			abs(&s.Secrets[i])
		}
		c.Sources[name] = s
	}
}

// completePorts writes a lone port as an address: "0" is ":0", and on this machine alone where operators are served.
func (c *Config) completePorts() {
	complete := func(host string, addrs ...*string) {
		for _, a := range addrs {
			if isPort(*a) {
				*a = net.JoinHostPort(host, *a)
			}
		}
	}
	complete("", &c.Ingest.Listen)
	complete("127.0.0.1", &c.Ingest.Admin, &c.Ingest.Metrics, &c.Normalizer.Admin, &c.Normalizer.Metrics, &c.Forwarder.Admin, &c.Forwarder.Metrics,
		&c.Ledger.Admin, &c.Ledger.Metrics, &c.Sandbox.Listen)
}

// hash leaves out by what a process logs in to Kafka: each service may have a user of its own there.
func hash(c *Config) (string, error) {
	bare := *c
	bare.File, bare.Dir, bare.Hash = "", "", ""
	bare.Kafka.TLS, bare.Kafka.SASL = KafkaTLS{}, KafkaSASL{}
	text, err := json.Marshal(bare)
	if err != nil {
		return "", fmt.Errorf("hashing the configuration: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8]), nil
}
