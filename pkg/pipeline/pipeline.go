// Package pipeline is what surrounds a handler of records: recover, observe, retry, dead-letter, settle. Developers who
// add a consumer use it (docs/add-a-consumer.md), and so does the normalizer's decode path where it fits. It refuses to
// skip a record: nil means its effects are durable, anything else is retried or dead-lettered, never dropped.
package pipeline
