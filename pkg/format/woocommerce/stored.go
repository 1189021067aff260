package woocommerce

// The names under which a webhook's headers are stored as the context of its item: the receiver writes them, the mapper
// reads them.
const (
	storedTopic      = "topic"
	storedSite       = "site"
	storedDeliveryID = "delivery_id"
	storedWebhookID  = "webhook_id"
)
