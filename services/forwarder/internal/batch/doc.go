// Package batch gathers signals into requests and splices their bodies without parsing them.
//
// The lane is its only caller: it adds events, takes closed batches and hands the poster a Request. A batch mixes
// partitions, never the senders' top-level parameters, nor store rows older than 7 days with others; its body never passes
// the dataset's limits. The package refuses to read an event: decisions are made from headers, values are copied as they are.
package batch
