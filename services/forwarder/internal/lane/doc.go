// Package lane sends one dataset's signals to Meta and records the fate of each: delivered, dead, or dropped as a duplicate.
//
// The app runs one Lane per dataset, behind a Poster (internal/graph) and a channel of consumed chunks, so that a lane
// that is paused or parked holds up nobody else and everything can be tried without sockets or Kafka. One goroutine, the
// window's loop, decides everything; each POST and each write of fates runs in a goroutine of its own that reports back.
// The path of an event, in order:
//
//	judge.go    decode the headers, a group of records at a time: duplicate, expired or undecodable?
//	admit.go    those end here; the others go into an open batch (internal/batch)
//	dispatch.go take the oldest waiting part, look at ages again, post it as wide as the gate allows
//	gate.go     open, paused, trial, parked: how many posts may run
//	answer.go   what Meta's answer asks for: settle, split, wait, park
//	settle.go   write the fate to Kafka; only then is the record settled
//
// It refuses to drop, to settle before the fate is on Kafka, to count retries where a deadline counts, and to go on while a
// fate cannot be written.
package lane
