package collect

// storedServer is true in the stored context of a request that the shop's server sent, not a page: the receiver writes it,
// the mapper reads it.
const storedServer = "server"
