package certificate

import (
	"crypto/tls"
	"crypto/x509"
	"slices"
	"time"
)

// Names are those of a client's certificate, nil if it shows none that counts. It was verified when the connection began; here it
// still has to be valid, and its authority in the file, so that one that was taken out ends at open connections, too.
func (f *Files) Names(s *tls.ConnectionState, now time.Time) []string {
	if f == nil || s == nil || len(s.VerifiedChains) == 0 {
		return nil
	}
	issuers := f.now.Load().issuers
	counts := func(chain []*x509.Certificate) bool {
		expired := func(c *x509.Certificate) bool { return now.After(c.NotAfter) }
		return issuers[string(chain[len(chain)-1].Raw)] && !slices.ContainsFunc(chain, expired)
	}
	if !slices.ContainsFunc(s.VerifiedChains, counts) {
		return nil
	}
	return namesOf(s.PeerCertificates[0])
}

// namesOf are the DNS names and URIs of a certificate (RFC 5280, 4.2.1.6), else, where it has neither, its common name: an authority
// that looks at the former may leave the latter to whoever asks.
func namesOf(c *x509.Certificate) []string {
	names := slices.Clone(c.DNSNames)
	for _, u := range c.URIs {
		names = append(names, u.String())
	}
	if len(names) == 0 && c.Subject.CommonName != "" {
		names = append(names, c.Subject.CommonName)
	}
	return names
}
