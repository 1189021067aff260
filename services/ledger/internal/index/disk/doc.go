// Package disk keeps the ledger's index in a folder, on pebble: a log-structured tree whose batches are atomic. It is the only importer of
// pebble. It never waits for fsync: what a crash takes is read from Kafka again, for the offsets are in the same batches.
package disk
