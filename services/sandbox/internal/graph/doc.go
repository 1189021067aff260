// Package graph is Meta's /events edge as the Conversions API documents it: tokens, five body encodings, limits, errors,
// usage headers. It refuses what Meta refuses, whole requests included, else a rehearsal would prove nothing; pkg/capi has
// the table of what makes an event wrong. It never logs what was posted.
package graph
