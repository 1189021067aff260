// Package dedup finds signals that a partition has carried before: the same event name and id among its last records.
//
// A lane has one Filter a partition, fills it with the records before the committed offset, and asks it about every record it
// reads. The package refuses to keep names or ids (it keeps 64-bit hashes), to decide what becomes of a duplicate, and to be
// used by more than one goroutine.
package dedup
