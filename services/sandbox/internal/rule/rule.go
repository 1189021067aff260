// Package rule makes the sandbox fail on purpose. The control routes set the rules; the Graph endpoint asks them before it
// accepts anything. It refuses to guess what a rule means: an unknown member of a rule is an error.
package rule

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Rule says which requests fail and how. Dataset is an id; EventID and EventName match a batch that contains such an event.
// A request that matches a rule with only Headers, a Delay, a Drip or a Cut is still accepted.
type Rule struct {
	Dataset     string            `json:"dataset,omitempty"`
	EventID     string            `json:"event_id,omitempty"`
	EventName   string            `json:"event_name,omitempty"`
	Probability *float64          `json:"probability,omitempty"` // left out: 1
	Times       *int              `json:"times,omitempty"`       // how often the rule still applies; left out: always
	Status      int               `json:"status,omitempty"`
	Error       *Error            `json:"error,omitempty"`
	Headers     map[string]string `json:"headers,omitempty"`
	Delay       Duration          `json:"delay,omitempty"`
	Drip        Duration          `json:"drip,omitempty"`  // before each byte of the answer
	Cut         bool              `json:"cut,omitempty"`   // the connection ends in the middle of the answer
	Hang        bool              `json:"hang,omitempty"`  // no answer until the caller gives up
	Reset       bool              `json:"reset,omitempty"` // the connection is reset
	Body        string            `json:"body,omitempty"`  // answered as it is
}

// Error is Meta's error object.
type Error struct {
	Code        int    `json:"code"`
	Subcode     int    `json:"error_subcode,omitempty"`
	IsTransient bool   `json:"is_transient,omitempty"`
	Message     string `json:"message,omitempty"`
}

// Fails says whether the rule answers instead of the endpoint.
func (r *Rule) Fails() bool {
	return r.Status != 0 || r.Error != nil || r.Hang || r.Reset || r.Body != ""
}

func (r *Rule) check() error {
	switch {
	case r.Probability != nil && (*r.Probability < 0 || *r.Probability > 1):
		return errors.New("probability: from 0 to 1")
	case r.Times != nil && *r.Times < 0:
		return errors.New("times: not negative")
	case r.Status != 0 && (r.Status < 200 || r.Status > 599 || http.StatusText(r.Status) == ""):
		return errors.New("status: no HTTP status")
	case r.Delay < 0:
		return errors.New("delay: not negative")
	case r.Drip < 0:
		return errors.New("drip: not negative")
	}
	return nil
}

// Duration is a time.Duration that JSON writes as text, like "2s".
type Duration time.Duration

// UnmarshalJSON reads a duration like "2s".
func (d *Duration) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return errors.New(`a duration is written like "2s"`)
	}
	v, err := time.ParseDuration(text)
	if err != nil {
		return errors.New(`a duration is written like "2s"`)
	}
	*d = Duration(v)
	return nil
}

// MarshalJSON writes a duration like "2s".
func (d Duration) MarshalJSON() ([]byte, error) { return json.Marshal(time.Duration(d).String()) }

// Rules are tried in order; the first match wins. They are safe for concurrent use.
type Rules struct {
	mu   sync.Mutex
	list []Rule
}

// Parse reads a JSON list of rules, or one rule.
func Parse(data []byte) ([]Rule, error) {
	data = bytes.TrimSpace(data)
	if len(data) > 0 && data[0] == '{' {
		data = slices.Concat([]byte("["), data, []byte("]"))
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	var list []Rule
	if err := d.Decode(&list); err != nil {
		return nil, fmt.Errorf("reading rules: %w", err)
	}
	for i := range list {
		if err := list[i].check(); err != nil {
			return nil, fmt.Errorf("reading rules: [%d].%w", i, err)
		}
	}
	return list, nil
}

// Set replaces the rules.
func (r *Rules) Set(list []Rule) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = list
}

// List returns the rules; their Times say how often each still applies.
func (r *Rules) List() []Rule {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := slices.Clone(r.list)
	for i := range list {
		if list[i].Times != nil {
			left := *list[i].Times
			list[i].Times = &left
		}
	}
	return list
}

// Batch is what rules look at in a request.
type Batch struct {
	Dataset    string
	IDs, Names []string
}

// Match returns the first rule that matches, nil if none does, and counts down how often that rule still applies.
func (r *Rules) Match(b Batch) *Rule {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.list {
		rule := &r.list[i]
		if !rule.matches(b) {
			continue
		}
		if rule.Times != nil {
			*rule.Times--
		}
		won := *rule
		return &won
	}
	return nil
}

func (r *Rule) matches(b Batch) bool {
	return (r.Times == nil || *r.Times > 0) &&
		(r.Dataset == "" || r.Dataset == b.Dataset) &&
		(r.EventID == "" || slices.Contains(b.IDs, r.EventID)) &&
		(r.EventName == "" || slices.Contains(b.Names, r.EventName)) &&
		(r.Probability == nil || rand.Float64() < *r.Probability)
}
