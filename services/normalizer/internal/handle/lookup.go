package handle

import (
	"strings"
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/normalizer/internal/enrich"
)

// lookup is what a scratch knows of the current event's lookup.
type lookup struct {
	waits bool
	lead  string
	until time.Time // then it goes on without

	asked   bool // HandleAnswered: answers is all there will be
	answers *enrich.Answers
}

// Waits says whether the event that Handle just took must wait for a lookup: it has neither a signal nor an end yet.
func (s *Scratch) Waits() bool { return s.lookup.waits }

// LookUp makes a source's leads be looked up. Call it before the first Handle.
func (s *Sources) LookUp(source string, leads *enrich.Leads) { s.byName[source].leads = leads }

// lookUp adds the answers of a lead's form; true: they must be asked for first. An event whose time is over goes on
// without.
func (h *Handler) lookUp(s *Scratch) (waits bool) {
	if s.src.leads == nil {
		return false
	}
	if s.lookup.asked {
		s.lookup.answers.Complete(&s.out.Event)
		return false
	}
	lead := leadOf(&s.out.Event)
	if lead == "" {
		return false
	}
	if answers, known := s.src.leads.Known(lead); known {
		s.src.leads.Count(enrich.FromCache)
		answers.Complete(&s.out.Event)
		return false
	}
	until := s.raw.Time.Add(s.src.patience)
	if oldest := time.Unix(s.out.Event.Time, 0).Add(patience(metaDeadline)); oldest.Before(until) { // Meta's limit runs from the event
		until = oldest
	}
	if !h.now().Before(until) {
		s.src.leads.Count(enrich.Expired)
		return false
	}
	s.lookup.waits, s.lookup.lead, s.lookup.until = true, lead, until
	return true
}

// HandleAnswered is Handle for a record that waited; nil answers: nothing is known.
func (h *Handler) HandleAnswered(rec *stream.Record, s *Scratch, answers *enrich.Answers) *fault.Error {
	s.lookup.asked, s.lookup.answers = true, answers
	defer func() { s.lookup = lookup{} }()
	return h.Handle(rec, s)
}

// leadOf is an event's lead id, "" if it has none that Graph could have given.
func leadOf(e *capi.Event) string {
	for i := range e.User.Values {
		if v := &e.User.Values[i]; v.Key == identity.LeadID {
			if id := string(v.Text); len(id) <= maxLeadID && strings.Trim(id, "0123456789") == "" {
				return id
			}
		}
	}
	return ""
}

const maxLeadID = 20

// The forwarder's deadline runs from the arrival, and Meta's from the event: a lookup must leave it time to deliver.
const (
	metaDeadline = 7*24*time.Hour - time.Hour // what Meta takes, less the forwarder's own margin
	maxMargin    = time.Hour
)

// patience is how long after its arrival an event may wait, of the time that its dataset gives it.
func patience(deadline time.Duration) time.Duration {
	whole := min(deadline, metaDeadline)
	return whole - min(whole/4, maxMargin)
}
