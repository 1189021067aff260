// Package xlsx is spreadsheets, posted as they are: the source's mapping file says what their columns mean.
package xlsx

import (
	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/dialect/table"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/mapfile"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// Format is the format xlsx.
var Format = format.Format{
	Name:      "xlsx",
	Channels:  topic.Channels,
	Certified: true,
	Mapping:   true,

	ContentType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	Receiver:    table.NewReceiver(mapfile.XLSX, 2),
	Answer:      receive.Own{},
	Manners:     format.Manners{Taken: []int{202}, Unreadable: []int{400}, Denied: []int{401}},

	Mapper: table.Mapper{},
}
