// Package dedup finds signals that a partition has carried before: the same event name and id among its last records.
//
// A lane has one Filter a partition, fills it with the records before the committed offset, asks it about every record it
// reads, and tells it how each ended: a copy of an event that ended dead is no duplicate, nor is a proven one of what an unproven
// sender said. The package refuses to keep names,
// ids or values (it keeps hashes), to decide what becomes of a duplicate, and to be used by more than one goroutine.
package dedup
