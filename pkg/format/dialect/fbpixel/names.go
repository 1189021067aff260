package fbpixel

import (
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
)

// Names is what the Meta Pixel calls its events: Meta's standard names and the automatic ones, which are dropped.
var Names = mapping.NamesWith(map[string]string{
	"Microdata":             "",
	"SubscribedButtonClick": "",
	"InputData":             "",
}, mapping.StandardNames...)
