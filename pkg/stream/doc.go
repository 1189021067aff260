// Package stream is the only door to kafka-go: it keeps the delivery contract of the pipeline.
//
// Every service, the command and developers' consumers use it. Publish returns nil only after acks=all. A consumer
// commits one past the unbroken run of settled offsets of each partition, never more; a rebalance drains what is in
// flight and forgets what is not settled, which the next owner reads again. Order is kept within a partition on the way
// in; settling may happen in any order. What is published is compressed; what a consumer holds of a partition has a size, whatever
// it unpacks to. It refuses to create topics on the side, to skip a record, and to commit for a
// partition it no longer owns.
package stream
