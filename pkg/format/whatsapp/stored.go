package whatsapp

// The members of a stored item: {"account","metadata","contact","message"} of a message with a referral,
// {"account","metadata","automatic_event"} of a conversion that Meta found. The receiver writes them, the mapper reads them.
const (
	storedAccount   = "account"
	storedMetadata  = "metadata"
	storedContact   = "contact"
	storedMessage   = "message"
	storedAutomatic = "automatic_event"
)
