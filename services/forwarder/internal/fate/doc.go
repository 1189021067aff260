// Package fate writes how events ended to Kafka, and settles their records after that.
//
// A lane has one Writer for as long as the process runs and hands it a Report of events that ended together: an outcome goes
// to the topic of outcomes, a dead letter of each dead event to that of dead letters (records.go). Only when Kafka has both
// with acks=all are the events' records settled (settle.go), counted (metrics.go) and, if dead, logged (deadlog.go).
//
// The package refuses to settle a record whose fate is not on Kafka, to give up a write before its context ends, and to decide
// how an event ends.
package fate
