package mparticle

// The members of a stored item: the receiver writes them, the mapper reads them.
const (
	storedBatch = "batch" // what the batch says of person, device, app and consent
	storedEvent = "event" // one of its events; absent where the batch has none
)

// The members of a batch that are kept in storedBatch and read by the mapper, in mParticle's names.
const (
	batchIdentities = "user_identities"
	batchAttributes = "user_attributes"
	batchDevice     = "device_info"
	batchApp        = "application_info"
	batchConsent    = "consent_state"
	batchIP         = "ip"
	batchTime       = "timestamp_unixtime_ms"
)
