package salesforce

// The members of a stored notification and of its context: the receiver writes them, the mapper reads the record.
const (
	storedNotification = "notification"
	storedType         = "type"
	storedRecord       = "record"
	storedOrganization = "organization" // in the context
	storedAction       = "action"       // in the context
)
