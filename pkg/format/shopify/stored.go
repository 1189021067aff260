package shopify

// The names under which a webhook's headers are stored as the context of its item: the receiver writes them, the mapper
// reads them.
const (
	storedTopic       = "topic"
	storedShop        = "shop"
	storedEventID     = "event_id"
	storedWebhookID   = "webhook_id"
	storedTriggeredAt = "triggered_at"
	storedAPIVersion  = "api_version"
	storedTest        = "test"
)
