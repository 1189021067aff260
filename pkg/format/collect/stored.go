package collect

// The members of the stored context that the receiver writes and the mapper reads.
const (
	storedServer  = "server" // true: the shop's server sent the request, not a page
	storedConsent = "consent"
)
