package stape

// storedServer is true in the stored context of a server's request: the receiver writes it, the mapper reads it. A page's
// has no such member.
const storedServer = "server"
