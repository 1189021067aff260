// Package lane sends one dataset's signals to Meta and sees to it that each ends in one recorded fate: delivered, dead, or
// dropped as a duplicate.
//
// The app runs one Lane a dataset, between a channel of consumed chunks and a Poster (internal/graph), so that a lane that is
// paused or parked holds up nobody else, and all of it can be tested without sockets or Kafka. A window is one generation of
// the lane's consumer. Its loop alone decides; each POST and each write of fates runs in a goroutine of its own and reports
// to the loop. The path of a record, in order:
//
//	lane.go      wires a window for each generation
//	window.go    the loop: all that is read and not settled
//	read.go      take a chunk's records as far as there is room
//	admit.go     decode the headers: a duplicate (internal/dedup), expired, not readable? unposted.go ends those
//	hold.go      a repeat of what has not ended waits for that one's end
//	queue.go     into an open batch (internal/batch), then behind the closed ones
//	part.go      a closed batch, or some of its events after a split
//	dispatch.go  look at the ages again and POST, as many at a time as internal/gate allows
//	poster.go    what a POST is asked and answers
//	answer.go    what the answer asks for: settle, wait, park, or
//	isolate.go   split, until what fails is alone
//	settle.go    the fate to Kafka, then the record is settled (internal/fate)
//
// The package refuses to drop an event without a fate, to settle a record before its fate is on Kafka, to count retries where
// a deadline counts, and to go on while fates cannot be written.
package lane
