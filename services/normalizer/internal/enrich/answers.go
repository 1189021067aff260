package enrich

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Answers are what a person wrote into a lead ad's form, as far as it says who the person is. They never change once
// read.
type Answers struct{ values []capi.Value }

// none is the answers of a lead of which nothing can be known.
var none = &Answers{}

// Complete adds the answers to an event; nil adds none.
func (a *Answers) Complete(e *capi.Event) {
	if a != nil {
		e.User.Values = append(e.User.Values, a.values...)
	}
}

// answerKeys are the standard questions of Meta's forms. All other questions are the advertiser's own, and we do not
// guess what they ask.
var answerKeys = map[string]identity.Key{
	"email":             identity.Em,
	"work_email":        identity.Em,
	"phone_number":      identity.Ph,
	"work_phone_number": identity.Ph,
	"first_name":        identity.Fn,
	"last_name":         identity.Ln,
	"city":              identity.Ct,
	"state":             identity.St,
	"province":          identity.St,
	"zip_code":          identity.Zp,
	"post_code":         identity.Zp,
	"country":           identity.Country,
	"date_of_birth":     identity.Db,
	"gender":            identity.Ge,
}

// maxAnswers bounds the answers that are taken from one lead.
const maxAnswers = 32

// readAnswers reads {"field_data":[{"name":…,"values":[…]}]}; a lead without field_data has no answers. It returns
// false if body is no lead.
func readAnswers(body []byte) (*Answers, bool) {
	if jsonscan.Check(body, jsonscan.Limits{}) != nil || jsonscan.Kind(body) != 'o' || jsonscan.Get(body, "error") != nil {
		return nil, false
	}
	a := &Answers{}
	fields := jsonscan.Get(body, "field_data")
	if fields == nil {
		return a, jsonscan.Get(body, "id") != nil
	}
	return a, jsonscan.Array(fields, func(field []byte) bool {
		name := string(jsonscan.Text(jsonscan.Get(field, "name"), new([]byte)))
		jsonscan.Array(jsonscan.Get(field, "values"), func(value []byte) bool {
			if jsonscan.Kind(value) == 's' || jsonscan.Kind(value) == 'n' {
				a.take(name, bytes.TrimSpace(bytes.Clone(jsonscan.Text(value, new([]byte)))))
			}
			return len(a.values) < maxAnswers
		})
		return len(a.values) < maxAnswers
	})
}

func (a *Answers) take(name string, text []byte) {
	if name == "full_name" {
		first, last, _ := identity.SplitFullName(text)
		a.add(identity.Fn, first)
		a.add(identity.Ln, last)
		return
	}
	if key, ok := answerKeys[name]; ok {
		a.add(key, text)
	}
}

func (a *Answers) add(key identity.Key, text []byte) {
	if len(text) > 0 {
		a.values = append(a.values, capi.Value{Key: key, Form: identity.Auto, Text: text})
	}
}
