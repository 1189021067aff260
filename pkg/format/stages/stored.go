package stages

// The members of a change that the receiver names it by, and the mapper reads from what is stored.
const (
	memberID      = "event_id"
	memberLead    = "lead_id"
	memberStage   = "stage"
	memberTime    = "occurred_at"
	memberContact = "contact"
)
