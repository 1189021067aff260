// Package books adds up what the topics say: of each event that ingest has stored, whether it ended, how, and at what value. The
// command `audit` uses it. It reads events.*, signals.* and outcomes, each once and from where it is told to, and keeps some
// seventy bytes of an event and none of its text; it refuses to take a service's word or metric for anything.
//
// An event is what one source gave one id, proven or not: repeats of it are counted apart. It is in flight while its record lies
// at or behind the place that the group of the next stage has committed. What is neither in flight nor ended is a gap.
package books
