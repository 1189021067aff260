package cloudevents

import (
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
)

// names is Meta's standard names: a type is whatever its sender invented, so that any other is a custom event
// unless the source's events name it.
var names = mapping.NamesWith(nil, mapping.StandardNames...)
