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

// leadLookup is what a scratch knows of the lookup of the current event's lead.
type leadLookup struct {
	waits bool
	id    string
	until time.Time // from then on the event goes on without answers

	asked   bool // the lookup has ended: there will be no more than answers
	answers *enrich.Answers
}

// Waits says whether the event that Handle just took must wait for a lookup: it has neither a signal nor an end yet.
func (s *Scratch) Waits() bool { return s.lead.waits }

// SetLeads has the leads of a source looked up. Call it before the first Handle.
func (s *Sources) SetLeads(source string, leads *enrich.Leads) { s.byName[source].leads = leads }

// findLead adds what the person answered in the lead's form; true: Graph must be asked for that first. An event that may
// wait no longer goes on without it.
func (h *Handler) findLead(s *Scratch) (waits bool) {
	if s.src.leads == nil {
		return false
	}
	if s.lead.asked {
		s.lead.answers.Complete(&s.out.Event)
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
	if oldest := time.Unix(s.out.Event.Time, 0).Add(patience(metaDeadline)); oldest.Before(until) { // Meta's time runs from the event
		until = oldest
	}
	if !h.now().Before(until) {
		s.src.leads.Count(enrich.Expired)
		return false
	}
	s.lead.waits, s.lead.id, s.lead.until = true, lead, until
	return true
}

// HandleAnswered is Handle for a record whose lookup has ended; nil answers: it found nothing.
func (h *Handler) HandleAnswered(rec *stream.Record, s *Scratch, answers *enrich.Answers) *fault.Error {
	s.lead.asked, s.lead.answers = true, answers
	defer func() { s.lead = leadLookup{} }()
	return h.Handle(rec, s)
}

// leadOf is an event's lead id; "": it has none, or one that is not of Graph's form.
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

// The forwarder must have delivered an event some time after its arrival, and Meta takes it some time after it happened: a
// lookup may use up neither, so that the forwarder has time to deliver.
const (
	metaDeadline = 7*24*time.Hour - time.Hour // what Meta takes, less the forwarder's own margin
	maxMargin    = time.Hour
)

// patience is how much of a deadline an event may wait for a lookup: all but a quarter, or an hour if that is less.
func patience(deadline time.Duration) time.Duration {
	whole := min(deadline, metaDeadline)
	return whole - min(whole/4, maxMargin)
}
