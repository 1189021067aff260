package segment

// The members of the stored context: what the request's path or its batch says for its calls. The receiver writes them,
// the mapper reads them.
const (
	storedType         = "type"
	storedContext      = "context"
	storedIntegrations = "integrations"
)
