package config

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/omnicapi/omnicapi/pkg/format"
)

// ingestTLS checks what ingest serves HTTPS by.
func (c *checker) ingestTLS(t IngestTLS) {
	const path = "ingest.tls"
	switch {
	case t.CertFile != "" && t.KeyFile == "":
		c.wrong(path+".key_file", "is required with cert_file")
	case t.KeyFile != "" && t.CertFile == "":
		c.wrong(path+".cert_file", "is required with key_file")
	case t.ClientCAFile != "" && t.CertFile == "":
		c.wrong(path+".cert_file", "is required with client_ca_file: who shows a certificate speaks TLS")
	}
	if !c.reads(RoleIngest) {
		return
	}
	before := len(c.problems)
	c.file(path+".cert_file", t.CertFile)
	c.file(path+".key_file", t.KeyFile)
	c.file(path+".client_ca_file", t.ClientCAFile)
	c.readableByAll(path+".key_file", t.KeyFile)
	if len(c.problems) > before {
		return
	}
	if t.CertFile != "" && t.KeyFile != "" {
		c.pair(path+".cert_file", t)
	}
	if t.ClientCAFile != "" {
		text, err := c.read(t.ClientCAFile)
		if err == nil {
			_, err = Authorities(text)
		}
		if err != nil {
			c.wrong(path+".client_ca_file", "%s: %s", t.ClientCAFile, err)
		}
	}
}

func (c *checker) pair(path string, t IngestTLS) {
	certificate, err := c.read(t.CertFile)
	if err != nil {
		c.wrong(path, "%s: %s", t.CertFile, err)
		return
	}
	key, err := c.read(t.KeyFile)
	if err != nil {
		c.wrong(path, "%s: %s", t.KeyFile, err)
		return
	}
	pair, err := Pair(certificate, key)
	if err != nil {
		c.wrong(path, "%s and %s are no pair: %s", t.CertFile, t.KeyFile, err)
		return
	}
	if err := ValidAt(pair.Leaf, time.Now()); err != nil {
		c.warnings = append(c.warnings, fmt.Sprintf("%s: %s: %s", path, t.CertFile, err))
	}
}

// certificates checks by which client certificates a source's sender proves itself.
func (c *checker) certificates(path string, s Source, f *format.Format) {
	if len(s.Certificates) == 0 {
		return
	}
	if f != nil && !f.Certified {
		c.wrong(path, "is for %s; the sender of %s shows none", formatsThat(func(f *format.Format) bool { return f.Certified }), f.Name)
	}
	if c.cfg.Ingest.TLS.ClientCAFile == "" {
		c.wrong(path, "needs ingest.tls.client_ca_file: who has issued them")
	}
	for i, name := range s.Certificates {
		at := fmt.Sprintf("%s.%d", path, i)
		switch {
		case name == "" || strings.TrimSpace(name) != name:
			c.wrong(at, "is empty, or begins or ends with a blank")
		case strings.Contains(name, "*"):
			c.wrong(at, "has a *: a name is compared as it is")
		case slices.Contains(s.Certificates[:i], name):
			c.wrong(at, "stands twice")
		}
	}
}
