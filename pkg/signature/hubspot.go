package signature

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// HubSpot signs with the app's client secret, by the version that X-HubSpot-Signature-Version or the header's name says:
// v3 is base64 HMAC-SHA256 of method, URL, body and time; v2 hex SHA-256 of secret, method, URL and body; v1 hex SHA-256
// of secret and body. If there is a v3 header, no other counts; v1 and v2, which sign no time, count only where any version
// does: who has recorded a request could strip its v3 header.
type HubSpot struct{}

const (
	hubspotV3        = "X-HubSpot-Signature-v3"
	hubspotOld       = "X-HubSpot-Signature"
	hubspotVersion   = "X-HubSpot-Signature-Version"
	hubspotStamp     = "X-HubSpot-Request-Timestamp"
	hubspotTolerance = 5 * time.Minute
)

// Holds implements Scheme.
func (HubSpot) Holds(r *Request, secret string) bool {
	if secret == "" {
		return false
	}
	if presented := r.Header.Get(hubspotV3); presented != "" {
		return hubspotFresh(r) && equalBase64(presented, hubspotSum(r, secret, r.Header.Get(hubspotStamp)))
	}
	if !r.AnyVersion {
		return false
	}
	sum := sha256.New()
	sum.Write([]byte(secret))
	switch strings.ToLower(r.Header.Get(hubspotVersion)) {
	case "v2":
		sum.Write([]byte(r.Method + r.URL))
	case "", "v1":
	default:
		return false
	}
	sum.Write(r.Body)
	got, err := hex.DecodeString(r.Header.Get(hubspotOld))
	return err == nil && hmac.Equal(got, sum.Sum(nil))
}

// Fault implements Scheme.
func (HubSpot) Fault(r *Request) Fault {
	v3 := r.Header.Get(hubspotV3) != ""
	switch {
	case v3 && !hubspotFresh(r):
		return TooOld
	case !v3 && !r.AnyVersion && r.Header.Get(hubspotOld) != "":
		return Weak
	}
	return missing(r, hubspotV3, hubspotOld)
}

// hubspotFresh says whether a v3 signature's time is near: only that version signs one.
func hubspotFresh(r *Request) bool {
	ms, err := strconv.ParseInt(r.Header.Get(hubspotStamp), 10, 64)
	return err == nil && fresh(time.UnixMilli(ms), r.Now, hubspotTolerance)
}

// Sign implements Scheme, by v3.
func (HubSpot) Sign(r *Request, secret string) {
	stamp := strconv.FormatInt(r.Now.UnixMilli(), 10)
	r.Header.Set(hubspotStamp, stamp)
	r.Header.Set(hubspotVersion, "v3")
	r.Header.Set(hubspotV3, base64.StdEncoding.EncodeToString(hubspotSum(r, secret, stamp)))
}

func hubspotSum(r *Request, secret, stamp string) []byte {
	return mac(secret, []byte(r.Method), []byte(hubspotURL(r.URL)), r.Body, []byte(stamp))
}

// hubspotURL decodes the characters of a URL that HubSpot decodes before signing (its documentation lists them).
func hubspotURL(url string) string {
	return strings.NewReplacer(
		"%3A", ":", "%2F", "/", "%3F", "?", "%40", "@", "%21", "!", "%24", "$", "%27", "'", "%28", "(", "%29", ")",
		"%2A", "*", "%2C", ",", "%3B", ";",
	).Replace(url)
}
