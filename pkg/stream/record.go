package stream

import "github.com/omnicapi/omnicapi/pkg/record"

// Record is one Kafka record.
type Record = record.Record

// Header is one record header.
type Header = record.Header
