package ga4mp

// The members of a request that the receiver reads and stores as the context of its events, and the mapper reads there.
const (
	memberClient     = "client_id"
	memberInstance   = "app_instance_id" // an app's, in place of client_id
	memberUser       = "user_id"
	memberProperties = "user_properties"
	memberTime       = "timestamp_micros" // an event may have its own
)
