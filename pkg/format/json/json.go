// Package json is any JSON, taken apart and read by its source's mapping file: an object, a list of them, or a list
// within one.
package json

import (
	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/table"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// Format is the format json.
var Format = format.Format{
	Name:      "json",
	Channels:  topic.Channels,
	Certified: true,
	Mapping:   true,

	Receiver: Receiver{},
	Answer:   receive.Own{},
	Manners:  format.Manners{Taken: []int{202}, Unreadable: []int{400}, Denied: []int{401}},

	Mapper: table.Mapper{},
}
