// Package crashpoint names the moments at which the end of a process could break the promise, and lets a test end it just there:
//
//	crashpoint.Reach(crashpoint.ForwarderAnswered)
//
// A build without the tag crashpoints, which is every build that is released, has none: Reach is empty there, and the compiler
// leaves it out. With the tag, $CRASHPOINT says which point, at the how manieth time of its being reached, and which signal the
// process then sends to itself: KILL, TERM or STOP.
//
//	CRASHPOINT=forwarder.answered:3:KILL
//
// It refuses to be where nothing can go wrong: each point stands in one place of the path, between two steps of which the second
// must not be believed before the first.
package crashpoint

// Point is a moment on the path of an event.
type Point string

// The points, in the order of the path.
const (
	IngestBeforeWrite Point = "ingest.before-write" // a request is encoded, nothing of it is on its way to Kafka
	ProducerSending   Point = "producer.sending"    // batches of many callers are about to go to a broker
	ProducerWritten   Point = "producer.written"    // the broker has answered them, no caller knows
	IngestWritten     Point = "ingest.written"      // Kafka has the request, its sender has no answer

	NormalizerRead      Point = "normalizer.read"      // a chunk is normalized, nothing is published
	NormalizerPublished Point = "normalizer.published" // what became of a chunk is on Kafka, nothing of it is settled
	NormalizerBuried    Point = "normalizer.buried"    // as before, of a chunk in which events ended: letters and outcomes are there

	ForwarderGathering Point = "forwarder.gathering"    // records of a chunk are in open batches
	ForwarderPosting   Point = "forwarder.posting"      // a POST has been written to Meta, no answer is there
	ForwarderAnswered  Point = "forwarder.answered"     // Meta's answer is read, no fate is written
	ForwarderIsolating Point = "forwarder.isolating"    // a refused batch is split, its parts are not posted
	ForwarderFated     Point = "forwarder.fate-written" // fates are on Kafka, their records are not settled

	ConsumerCommitting Point = "consumer.committing" // records are settled, the commit is about to go
	ConsumerCommitted  Point = "consumer.committed"  // Kafka has the commit, the member does not know

	ReplayPublished Point = "replay.published" // letters are back on their topics, no outcome takes them off the list

	BrokerWritten Point = "broker.written" // the embedded broker has given a batch to the operating system
	BrokerSynced  Point = "broker.synced"  // it is on the disk, and not acknowledged
)

// Points are all of them.
var Points = []Point{
	IngestBeforeWrite, ProducerSending, ProducerWritten, IngestWritten,
	NormalizerRead, NormalizerPublished, NormalizerBuried,
	ForwarderGathering, ForwarderPosting, ForwarderAnswered, ForwarderIsolating, ForwarderFated,
	ConsumerCommitting, ConsumerCommitted,
	ReplayPublished,
	BrokerWritten, BrokerSynced,
}
