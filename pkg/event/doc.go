// Package event is the wire contract between the services: raw events, signals, dead letters and outcomes, as records.
//
// Ingest writes raw events, the normalizer reads them and writes signals, the forwarder reads those; all three and the
// command write or read dead letters and outcomes. Raw events are CloudEvents 1.0 in structured JSON, signals CloudEvents
// in binary mode (headers beside the bytes that go to Meta). It refuses to interpret an item: mappers do.
package event
