package api

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/trace"
	"github.com/omnicapi/omnicapi/services/ledger/internal/index"
)

// found is the answer for an event id: one of Events as `omnicapi trace --output json` prints it, and where its dead letters lie.
type found struct {
	EventID string         `json:"event_id"`
	AsOf    time.Time      `json:"as_of,omitzero"`
	Events  []*trace.Trace `json:"events"`
	Letters []letter       `json:"letters"`
	More    bool           `json:"more,omitempty"` // than index.MaxFound: the id was given to many events
}

// letter is a dead letter, without the event that it holds. Failed is where its record lay.
type letter struct {
	Topic     string    `json:"topic"`
	Partition int       `json:"partition"`
	Offset    int64     `json:"offset"`
	Stage     string    `json:"stage"`
	Reason    string    `json:"reason"`
	Detail    string    `json:"detail,omitempty"`
	Failed    place     `json:"failed"`
	FailedAt  time.Time `json:"failed_at"`
	Attempts  int       `json:"attempts"`
	Replays   int       `json:"replays"`
	FBTraceID string    `json:"fbtrace_id,omitempty"`
	Shortened bool      `json:"shortened,omitempty"`
}

type place struct {
	Topic     string `json:"topic"`
	Partition int    `json:"partition"`
	Offset    int64  `json:"offset"`
}

// event answers GET /events/{event_id}.
func (a *api) event(w http.ResponseWriter, r *http.Request) {
	id := chi.URLParam(r, "event_id")
	if r.URL.RawPath != "" { // then chi has it as it was written
		text, err := url.PathUnescape(id)
		if err != nil {
			problem(w, http.StatusBadRequest, "the event id cannot be read: encode % and / in it")
			return
		}
		id = text
	}
	if _, ok := known(w, r); !ok {
		return
	}
	asOf := a.asOf() // before the index: what was there by then is in the answer
	was, err := a.Store.Event(id)
	if err != nil {
		a.failed(w, err)
		return
	}
	if len(was.Fates) == 0 && len(was.Letters) == 0 {
		detail := "no fate of this event is known: is the id right, did it end within the ledger's retention, or is it still in flight (omnicapi trace reads the topics)"
		if asOf.IsZero() {
			detail = "no fate of this event is known yet: the ledger is still reading; GET " + Path + "/status says how far it came"
		}
		problem(w, http.StatusNotFound, detail)
		return
	}
	reply(w, found{EventID: id, AsOf: asOf, Events: a.traces(id, was.Fates), Letters: lettersOf(was.Letters, a.Names.DeadLetters()), More: was.More})
}

// traces puts the fates of an id together as the command does that reads the topics.
func (a *api) traces(id string, fates []index.Fate) []*trace.Trace {
	slices.SortFunc(fates, func(x, y index.Fate) int {
		return cmp.Or(x.Event.ArrivedAt.Compare(y.Event.ArrivedAt), x.Outcome.EndedAt.Compare(y.Outcome.EndedAt), cmp.Compare(x.Outcome.BatchID, y.Outcome.BatchID))
	})
	events := trace.New(id)
	for i := range fates {
		f := &fates[i]
		switch {
		case f.Event.ArrivedAt.IsZero():
		case a.Names.Channel(f.Event.Topic) != "":
			events.Lay(fault.Ingest, "", &f.Event)
		case a.Names.Dataset(f.Event.Topic) != "":
			events.Lay(fault.Normalizer, a.Names.Dataset(f.Event.Topic), &f.Event)
		}
		events.Fate(f.Outcome, &f.Event)
	}
	all := events.Traces()
	for _, t := range all {
		if t.Dataset == "" { // it ended before a dataset's topic: its source says where it was to go
			t.Dataset = a.Dataset(t.Source)
		}
	}
	if all == nil {
		all = []*trace.Trace{}
	}
	return all
}

func lettersOf(was []index.Letter, topic string) []letter {
	all := make([]letter, 0, len(was))
	for _, l := range was {
		all = append(all, letter{
			Topic: topic, Partition: l.Place.Partition, Offset: l.Place.Offset, Stage: string(l.Stage), Reason: string(l.Reason), Detail: l.Detail,
			Failed: place{l.Topic, l.Partition, l.Offset}, FailedAt: l.FailedAt, Attempts: l.Attempts, Replays: l.Replays, FBTraceID: l.FBTraceID, Shortened: l.Shortened,
		})
	}
	slices.SortFunc(all, func(x, y letter) int { return x.FailedAt.Compare(y.FailedAt) })
	return all
}

// batches is the answer for what many events share.
type batches struct {
	AsOf     time.Time        `json:"as_of,omitzero"`
	Outcomes []*event.Outcome `json:"outcomes"` // as they are on their topic
}

// events answers GET /events?fbtrace_id= and GET /events?batch_id=.
func (a *api) events(w http.ResponseWriter, r *http.Request) {
	q, ok := known(w, r, "fbtrace_id", "batch_id")
	if !ok {
		return
	}
	trace, batch := q.Get("fbtrace_id"), q.Get("batch_id")
	ask, id := a.Store.FBTrace, trace
	switch {
	case (trace == "") == (batch == ""):
		problem(w, http.StatusBadRequest, "give one of fbtrace_id and batch_id; an event id is part of the path: "+Path+"/events/EVENT_ID")
		return
	case batch != "":
		ask, id = a.Store.Batch, batch
	}
	asOf := a.asOf()
	outcomes, err := ask(id)
	if err != nil {
		a.failed(w, err)
		return
	}
	if len(outcomes) == 0 {
		problem(w, http.StatusNotFound, "no batch of this id is known: is the id right, and did it end within the ledger's retention")
		return
	}
	slices.SortFunc(outcomes, func(x, y *event.Outcome) int { return x.EndedAt.Compare(y.EndedAt) })
	reply(w, batches{AsOf: asOf, Outcomes: outcomes})
}
