// Package batch gathers signals into requests and splices their bodies without parsing them.
//
// The lane adds events, takes closed batches and hands a Request to the poster, which asks for its body. A batch may mix the
// events of several partitions, never those of different top-level parameters of their senders, nor store rows older than 7
// days with others; its body is never longer than the dataset's limits say. The package refuses to look into an event's value:
// all that it must know comes from the headers, and values are copied as they are.
package batch
