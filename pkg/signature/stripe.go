package signature

import (
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// Stripe signs "time.body" with the endpoint's secret (whsec_…): Stripe-Signature: t=<Unix s>,v1=<hex>[,v1=<hex>].
type Stripe struct{}

const (
	stripeHeader    = "Stripe-Signature"
	stripeTolerance = 5 * time.Minute // as Stripe's own libraries
)

// Holds implements Scheme: any of the v1 signatures will do, older schemes do not count.
func (Stripe) Holds(r *Request, secret string) bool {
	stamp, presented := stripeParts(r)
	if secret == "" || !stripeFresh(stamp, r.Now) {
		return false
	}
	sum, held := stripeSum(secret, stamp, r.Body), false
	for _, p := range presented {
		held = equalHex(p, sum) || held
	}
	return held
}

// Fault implements Scheme.
func (Stripe) Fault(r *Request) Fault {
	if stamp, _ := stripeParts(r); stamp != "" && !stripeFresh(stamp, r.Now) {
		return TooOld
	}
	return missing(r, stripeHeader)
}

// stripeParts are the time and the v1 signatures of the header.
func stripeParts(r *Request) (stamp string, presented []string) {
	for part := range strings.SplitSeq(r.Header.Get(stripeHeader), ",") {
		switch name, value, _ := strings.Cut(strings.TrimSpace(part), "="); name {
		case "t":
			stamp = value
		case "v1":
			presented = append(presented, value)
		}
	}
	return stamp, presented
}

func stripeFresh(stamp string, now time.Time) bool {
	at, err := strconv.ParseInt(stamp, 10, 64)
	return err == nil && fresh(time.Unix(at, 0), now, stripeTolerance)
}

// Sign implements Scheme.
func (Stripe) Sign(r *Request, secret string) {
	stamp := strconv.FormatInt(r.Now.Unix(), 10)
	r.Header.Set(stripeHeader, "t="+stamp+",v1="+hex.EncodeToString(stripeSum(secret, stamp, r.Body)))
}

func stripeSum(secret, stamp string, body []byte) []byte {
	return mac(secret, []byte(stamp), []byte{'.'}, body)
}
