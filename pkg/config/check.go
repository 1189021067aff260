package config

import (
	"fmt"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/nearest"
)

// Validate checks a configuration made in memory.
func (c *Config) Validate(role Role) error {
	return check(c, role).problems.err()
}

// checker collects what is wrong with a whole configuration.
type checker struct {
	cfg      *Config
	role     Role
	problems Problems
	warnings []string
}

func check(cfg *Config, role Role) *checker {
	c := &checker{cfg: cfg, role: role}
	c.kafka(cfg.Kafka)
	c.graph(cfg.Graph)
	c.processes()
	c.operators(cfg.Operators)
	for _, name := range slices.Sorted(maps.Keys(cfg.Datasets)) {
		c.dataset("datasets."+name, name, cfg.Datasets[name])
	}
	for _, name := range slices.Sorted(maps.Keys(cfg.Sources)) {
		c.source("sources."+name, name, cfg.Sources[name])
	}
	c.signed(cfg.Sources)
	if len(cfg.Datasets) == 0 && !c.is(RoleSandbox, RoleCommand, RoleLedger) {
		c.wrong("datasets", "names no dataset: at least one is needed")
	}
	if len(cfg.Sources) == 0 && !c.is(RoleSandbox, RoleCommand, RoleForwarder, RoleLedger) {
		c.wrong("sources", "names no source: at least one is needed")
	}
	return c
}

func (c *checker) wrong(path, format string, args ...any) {
	c.problems = append(c.problems, Problem{Path: path, What: fmt.Sprintf(format, args...)})
}

func (c *checker) is(roles ...Role) bool { return slices.Contains(roles, c.role) }

// reads says whether the process reads the files that these roles read.
func (c *checker) reads(roles ...Role) bool {
	return c.is(RoleAll) || c.is(roles...) || c.is(RoleLocal)
}

// oneOf checks a closed list.
func (c *checker) oneOf(path, value string, known ...string) {
	if !slices.Contains(known, value) {
		c.wrong(path, "is none of %s%s", strings.Join(known, ", "), nearest.DidYouMean(value, known))
	}
}

func (c *checker) between(path string, n, low, high int64, unit string) {
	if n < low || n > high {
		c.wrong(path, "is %d%s, not between %d and %d", n, unit, low, high)
	}
}

// nameRule is for the names of sources and datasets: labels, topic names and URLs are made of them.
var nameRule = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

func (c *checker) name(path, name string) {
	if !nameRule.MatchString(name) {
		c.wrong(path, "is no name: use a-z, 0-9 and -, at most 63")
	}
}

// file checks that a file is there and may be read.
func (c *checker) file(path, file string) {
	if file == "" {
		return
	}
	info, err := os.Stat(c.resolved(file))
	switch {
	case err != nil:
		c.wrong(path, "reading %s: %s", file, fileError(err))
	case info.IsDir():
		c.wrong(path, "%s is a folder", file)
	default:
		f, err := os.Open(c.resolved(file))
		if err != nil {
			c.wrong(path, "reading %s: %s", file, fileError(err))
			return
		}
		_ = f.Close() // only read
	}
}

// read returns what a file holds; the error is without its path.
func (c *checker) read(file string) ([]byte, error) {
	text, err := os.ReadFile(c.resolved(file))
	if err != nil {
		return nil, fileError(err)
	}
	return text, nil
}

// secret checks a secret file; what does not look like a path is not quoted: it may be the secret itself.
func (c *checker) secret(path, file string) {
	if file == "" {
		return
	}
	if _, err := os.Stat(c.resolved(file)); err != nil {
		if !c.looksLikePath(file) {
			c.wrong(path, "names no file; a secret is never written inline: put it into a file and name the file")
			return
		}
		c.wrong(path, "reading %s: %s", file, fileError(err))
		return
	}
	text, _, err := readSecret(c.resolved(file))
	if err != nil {
		c.wrong(path, "%s: %s", file, err)
		return
	}
	if len(text) < guessable {
		c.warnings = append(c.warnings, fmt.Sprintf("%s: %s holds fewer than %d characters: anybody can guess it", path, file, guessable))
	}
	c.readableByAll(path, file)
}

// guessable is how long a secret is that nobody has to know.
const guessable = 5

// readableByAll warns of a secret or key that everybody may read, or refuses it with strict_secrets.
func (c *checker) readableByAll(path, file string) {
	if file == "" {
		return
	}
	info, err := os.Stat(c.resolved(file))
	if err != nil || info.Mode().Perm()&0o004 == 0 {
		return // what cannot be read is said elsewhere
	}
	if c.cfg.StrictSecrets {
		c.wrong(path, "everybody on this machine can read %s (mode %#o), and strict_secrets is on: chmod o-rwx %s", file, info.Mode().Perm(), file)
		return
	}
	c.warnings = append(c.warnings, fmt.Sprintf("%s: everybody on this machine can read %s (mode %#o)", path, file, info.Mode().Perm()))
}

// resolved is the path of a file: relative ones are relative to the folder of the configuration.
func (c *checker) resolved(file string) string { return resolved(c.cfg.Dir, file) }

func resolved(dir, file string) string {
	if file == "" || filepath.IsAbs(file) {
		return file
	}
	return filepath.Join(dir, file)
}

var extension = regexp.MustCompile(`^\.[a-z]{1,6}$`)

// looksLikePath tells a missing file from a secret written in its place.
func (c *checker) looksLikePath(file string) bool {
	if extension.MatchString(filepath.Ext(file)) {
		return len(file) < 256
	}
	folder, err := os.Stat(c.resolved(filepath.Dir(file)))
	return filepath.Dir(file) != "." && err == nil && folder.IsDir()
}

// listen checks an address to listen on.
func (c *checker) listen(path, addr string) {
	if _, port, err := net.SplitHostPort(addr); err != nil || !isPort(port) {
		c.wrong(path, "is no address: write :8080, 127.0.0.1:8080, or 0 for a free port")
	}
}

func isPort(text string) bool {
	_, err := strconv.ParseUint(text, 10, 16)
	return err == nil
}

// webURL checks an absolute http(s) URL; one with a user name or password is refused: no secret is written inline.
func (c *checker) webURL(path, raw string) *url.URL {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http" {
		c.wrong(path, "is no URL: write it like https://shop.example.com")
		return nil
	}
	if u.User != nil {
		c.wrong(path, "holds a user name or password: leave it out")
		return nil
	}
	return u
}

// isNear says whether plain http to a host stays on this machine or on a container network, whose names have no dot.
func isNear(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.IsLoopback()
	}
	return host == "localhost" || !strings.Contains(host, ".")
}
