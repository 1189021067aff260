// Package graph is Meta's /events edge as the Conversions API documents it: tokens, five body encodings, limits, errors,
// usage headers. It refuses what Meta refuses, whole requests included, else a rehearsal proves nothing; what makes an
// event wrong is pkg/capi's table. It never logs what was posted.
package graph
