package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/omnicapi/omnicapi/services/ledger/internal/index"
	"github.com/omnicapi/omnicapi/services/ledger/internal/reader"
)

// sums is the answer for the books.
type sums struct {
	AsOf  time.Time   `json:"as_of,omitzero"`
	Since time.Time   `json:"since,omitzero"`
	Until time.Time   `json:"until,omitzero"`
	By    string      `json:"by"`
	Rows  []index.Row `json:"rows"`
}

// books answers GET /books?since=&until=&by=.
func (a *api) books(w http.ResponseWriter, r *http.Request) {
	q, ok := known(w, r, "since", "until", "by")
	if !ok {
		return
	}
	by := index.Grouping(q.Get("by"))
	if by != index.All && !slices.Contains(index.Groupings, by) {
		problem(w, http.StatusBadRequest, "by is none of channel, source, dataset, event, hour")
		return
	}
	since, sinceOK := parseTime(q.Get("since"), a.Now())
	until, untilOK := parseTime(q.Get("until"), a.Now())
	if !sinceOK || !untilOK {
		problem(w, http.StatusBadRequest, "since and until are a day (2026-11-25), a time (2026-11-25T12:00:00Z), or how long ago (24h, 7d)")
		return
	}
	if !since.IsZero() && !until.IsZero() && !since.Before(until) {
		problem(w, http.StatusBadRequest, "since is not before until")
		return
	}
	asOf := a.asOf()
	rows, err := a.Store.Books(since, until, by)
	if err != nil {
		a.failed(w, err)
		return
	}
	reply(w, sums{AsOf: asOf, Since: since, Until: until, By: string(by), Rows: rows})
}

// parseTime reads a day or time, or how long before now; "" is none. Books are by the minute.
func parseTime(text string, now time.Time) (time.Time, bool) {
	if text == "" {
		return time.Time{}, true
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC().Truncate(time.Minute), true
		}
	}
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		return now.UTC().Add(-time.Duration(n) * 24 * time.Hour).Truncate(time.Minute), err == nil
	}
	d, err := time.ParseDuration(text)
	return now.UTC().Add(-d).Truncate(time.Minute), err == nil && d >= 0
}

// state is the answer for how far the ledger came.
type state struct {
	AsOf      time.Time         `json:"as_of,omitzero"`
	Topics    []reader.Progress `json:"topics"`
	Store     storeState        `json:"store"`
	Retention string            `json:"retention"`
}

type storeState struct {
	Bytes    int64  `json:"bytes"`
	Earliest string `json:"earliest,omitempty"` // the first day that it has outcomes of
	Lost     int64  `json:"lost_records"`       // that were gone before their group had consumed them, as outcomes say
	Error    string `json:"error,omitempty"`    // why it takes no records
}

// status answers GET /status.
func (a *api) status(w http.ResponseWriter, r *http.Request) {
	if _, ok := known(w, r); !ok {
		return
	}
	stats, err := a.Store.Stats()
	if err != nil {
		a.failed(w, err)
		return
	}
	s := state{AsOf: a.asOf(), Topics: []reader.Progress{a.Outcomes(), a.Letters()}, Retention: a.Retention.String(), Store: storeState{Bytes: stats.Bytes, Lost: stats.Lost}}
	if !stats.Earliest.IsZero() {
		s.Store.Earliest = stats.Earliest.Format(time.DateOnly)
	}
	if err := a.Store.Err(); err != nil {
		s.Store.Error = err.Error()
	}
	reply(w, s)
}
