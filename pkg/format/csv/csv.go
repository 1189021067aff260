// Package csv is files of rows with a separator, posted as they are: the source's mapping file says what their columns
// mean.
package csv

import (
	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/table"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/mapfile"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// Format is the format csv.
var Format = format.Format{
	Name:      "csv",
	Channels:  topic.Channels,
	Certified: true,
	Mapping:   true,

	ContentType: "text/csv",
	Receiver:    table.NewReceiver(mapfile.CSV, 4),
	Answer:      receive.Own{},
	Manners:     format.Manners{Taken: []int{202}, Unreadable: []int{400}, Denied: []int{401}},

	Mapper: table.Mapper{},
}
