// Package graph makes the POSTs to Meta's Graph API: {url}/{version}/{dataset id}/events.
//
// The app makes one Poster per dataset, the lane calls it. A Poster sends spliced bodies over its own pool of HTTP/1.1
// connections, reads at most 64 KiB of an answer and keeps only what pkg/capi keeps. It refuses to retry, to follow a
// redirect, to use a proxy of the environment, to go on without a trusted certificate, to put a credential into a URL, and
// to hand on an error's text.
package graph
