package recorded

import (
	"regexp"
	"strconv"
	"time"

	"github.com/omnicapi/omnicapi/pkg/signature"
)

// schemes are the formats whose requests are signed.
var schemes = map[string]signature.Scheme{
	"whatsapp":     signature.Meta{},
	"meta.leadgen": signature.Meta{},
	"shopify":      signature.Shopify{},
	"woocommerce":  signature.WooCommerce{},
	"stripe":       signature.Stripe{},
	"square":       signature.Square{},
	"hubspot":      signature.HubSpot{},
}

// Days is how many whole days a request must be moved to lie within the last 24 hours.
func Days(now time.Time) int { return int(now.Sub(time.Unix(Moment, 0)) / (24 * time.Hour)) }

// Move takes a request to another day, at the same time of the day, and signs it again at now if its signature was good.
func (r *Request) Move(days int, now time.Time) error {
	scheme, secret := schemes[r.Format], ""
	signed := false
	if scheme != nil {
		text, err := Secret(r.Format)
		if err != nil {
			return err
		}
		secret = text
		signed = scheme.Holds(r.signed(time.Unix(Moment, 0)), secret)
	}
	r.URL = string(Moved([]byte(r.URL), days))
	if err := r.moveBody(days); err != nil {
		return err
	}
	for _, values := range r.Header {
		for i := range values {
			values[i] = string(Moved([]byte(values[i]), days))
		}
	}
	if signed {
		scheme.Sign(r.signed(now), secret)
	}
	return nil
}

func (r *Request) moveBody(days int) (err error) {
	if r.Format == "xlsx" {
		r.Body, err = movedWorkbook(r.Body, days)
		return err
	}
	r.Body = Moved(r.Body, days)
	return nil
}

func (r *Request) signed(now time.Time) *signature.Request {
	return &signature.Request{Method: r.Method, URL: r.URL, Header: r.Header, Body: r.Body, Now: now}
}

// A recorded time: Unix seconds, milliseconds or microseconds within the days about Moment, or a date of these days.
var recordedTime = regexp.MustCompile(`\b(179(?:52[5-9]|5[3-5]\d)\d{4})(\d{3}|\d{6}|\d{9})?\b|\b2026-11-2[1-4]`)

// Moved is a text with every recorded time moved by whole days. Older times (a cookie's, a birthday) stay.
func Moved(text []byte, days int) []byte {
	return recordedTime.ReplaceAllFunc(text, func(found []byte) []byte {
		const date = "2006-01-02"
		if day, err := time.Parse(date, string(found)); err == nil {
			return []byte(day.AddDate(0, 0, days).Format(date))
		}
		seconds, err := strconv.ParseInt(string(found[:10]), 10, 64)
		if err != nil {
			return found
		}
		return append(strconv.AppendInt(nil, seconds+int64(days)*86400, 10), found[10:]...)
	})
}
