package httpapi

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/omnicapi/omnicapi/services/ingest/internal/auth"
	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

// denied counts the requests that no source is granted to, and says why in the log. What a request gave is in neither: it may
// hold the secret.
type denied struct {
	log   *slog.Logger
	now   func() time.Time
	total *prometheus.CounterVec
	said  quiet[denial]
}

// denial is what is said once: by the format of the route and the cause, both closed lists.
type denial struct {
	format string
	cause  auth.Cause
}

func newDenied(reg prometheus.Registerer, a *API) *denied {
	d := &denied{log: a.log, now: a.now, total: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "omnicapi_ingest_denied_requests_total",
		Help: "Requests that were granted no source, by the format of their route and why.",
	}, []string{"format", "reason"})}
	reg.MustRegister(d.total)
	for _, f := range a.formats {
		for _, c := range auth.Causes {
			d.total.WithLabelValues(f.Name, string(c))
		}
	}
	d.total.WithLabelValues(unknown, string(auth.NoSource)) // a source's own route, of a name that none has
	return d
}

// count counts one more, and logs it unless the same was logged within a minute; meant is the source it was for, "" if it
// may be for several or for none.
func (d *denied) count(format, route, meant string, cause auth.Cause) {
	d.total.WithLabelValues(format, string(cause)).Inc()
	more, say := d.said.say(d.now(), denial{format, cause})
	if !say {
		return
	}
	attrs := []any{"reason", string(cause), "format", format, "route", route, "why", explained[cause]}
	if meant != "" {
		attrs = append(attrs, "source", meant)
	}
	if more > 0 {
		attrs = append(attrs, "more_since_last", more)
	}
	d.log.Warn("request denied", attrs...)
}

// explained tells an operator what to look at.
var explained = map[auth.Cause]string{
	auth.NoSource:       "no source has this name and format",
	auth.NoKey:          "no source has the key that the request names, or it is signed and names none",
	auth.NoSecret:       "the request presents no secret",
	auth.BadSecret:      "the secret is not that of a source",
	auth.BadCertificate: "no name of the client's certificate is in the source's certificates",
	auth.NoSignature:    "the request bears no signature",
	auth.BadSignature:   "the signature was not made with the source's secret, or not over this body and public_url",
	auth.OldSignature:   "the signature's time is more than five minutes from ours: is a clock wrong, or the request repeated?",
	auth.WeakSignature:  "the signature is of an older version, without a time: if the sender has no other, the source needs signature: any",
	auth.TooManySecrets: "no key tells the sources apart that it may be meant for, and they have more secrets than a signature is tried with: its sender is to post to /v1/sources/NAME",
	auth.BadOrigin:      "the page's origin is not in the source's origins",
	auth.BadVerifyToken: "the endpoint was verified with a token that is no source's",
	auth.TooManyGuesses: "a client network has tried as many wrong secrets as guesses_per_network lets it: its requests are refused unseen, but for those whose secret it has proven",
}

// deny counts why the request was granted no source.
func (x *exchange) deny(cause auth.Cause) {
	x.api.denied.count(x.format.Name, x.route, only(auth.Meant(x.candidates, x.batch.Claim)), cause)
}

// only is the name of the one source among those meant, "" if there are several or none.
func only(meant []*source.Source) string {
	if len(meant) != 1 {
		return ""
	}
	return meant[0].Name
}

// denyGreeting counts a greeting that was refused.
func (x *exchange) denyGreeting() {
	if x.reply.Status == http.StatusForbidden || x.reply.Status == http.StatusUnauthorized {
		x.api.denied.count(x.format.Name, x.route, "", auth.BadVerifyToken)
	}
}
