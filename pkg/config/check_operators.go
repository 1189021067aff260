package config

import (
	"fmt"
	"regexp"
)

// hostRule is for the name of a host, without scheme and port.
var hostRule = regexp.MustCompile(`^[a-z0-9]([a-z0-9._-]{0,251}[a-z0-9])?$`)

// minToken is how long an operator's token is at least: nobody but who made the file chooses it.
const minToken = 16

// operators checks who may change something at the operators' ports.
func (c *checker) operators(o Operators) {
	for i, name := range o.Hosts {
		if !hostRule.MatchString(name) {
			c.wrong(fmt.Sprintf("operators.hosts.%d", i), "is no name of a host, in lower case and without a port, like ingest.example.com")
		}
	}
	if c.is(RoleCommand) {
		return
	}
	for i, file := range o.TokenFiles {
		path := fmt.Sprintf("operators.token_files.%d", i)
		c.secret(path, file)
		if text, _, err := readSecret(c.resolved(file)); err == nil && len(text) < minToken {
			c.wrong(path, "%s holds fewer than %d characters: openssl rand -hex 32 makes one that nobody guesses", file, minToken)
		}
		if file == "" {
			c.wrong(path, "is empty: name a file")
		}
	}
}
