package httpapi

import (
	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/services/ingest/internal/source"
)

// unprovenLimits are what one request may bring of a sender who is known to prove nothing; zeros: no limit, or not known.
func (x *exchange) unprovenLimits() source.PerRequest {
	if x.source == nil || x.facts.Trust != event.Unproven {
		return source.PerRequest{}
	}
	return x.source.MaxUnproven
}

// checkUnproven refuses more at once than an unproven sender may bring.
func (x *exchange) checkUnproven() *receive.Refusal {
	if len(x.body.bytes) > x.maxBody() {
		return x.tooLarge()
	}
	n := len(x.batch.Items) + len(x.batch.Rejected) + x.batch.Ignored
	if most := x.unprovenLimits().Events; most > 0 && n > most {
		return &receive.Refusal{Kind: receive.TooLarge, Detail: "more events than are taken at once without proof of who sends them"}
	}
	return nil
}
