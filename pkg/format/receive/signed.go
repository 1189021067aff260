package receive

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/signature"
)

// signed is the proof of a request that its sender signed.
type signed struct {
	scheme signature.Scheme
	in     *Input
	sent   []byte // the body as it was signed
}

// Sign completes a batch's claim with the request's signature over the body as it was sent. It is called before Split, for a
// format that has a scheme.
func Sign(in *Input, b *Batch, scheme signature.Scheme, sent []byte) {
	b.Claim.Proof = signed{scheme, in, sent}
}

// Holds says whether the signature was made with a secret.
func (p signed) Holds(secret string, t Terms) bool {
	return p.scheme.Holds(p.request(t), secret)
}

// Fault implements Explainer.
func (p signed) Fault() signature.Fault { return p.scheme.Fault(p.request(Terms{})) }

func (p signed) request(t Terms) *signature.Request {
	r := p.in.Request
	return &signature.Request{
		Method: r.Method, URL: publicURL(r, t.PublicURL), Header: r.Header, Body: p.sent, Now: p.in.Now, AnyVersion: t.AnyVersion,
	}
}

// publicURL is the request's URL as its sender knows it: by the source's configuration, since a proxy changes scheme and
// host, else by the request.
func publicURL(r *http.Request, public string) string {
	if public != "" {
		return public + r.URL.RequestURI()
	}
	scheme := "https://"
	if r.TLS == nil && r.Header.Get("X-Forwarded-Proto") != "https" {
		scheme = "http://"
	}
	return scheme + r.Host + r.URL.RequestURI()
}
