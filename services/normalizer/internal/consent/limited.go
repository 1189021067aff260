package consent

import (
	"bytes"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Limited is a dataset's Limited Data Use setting, as the raw JSON that an event carries.
type Limited struct{ options, country, state []byte }

// NewLimited encodes the setting once; without options nothing is ever applied.
func NewLimited(c config.LimitedDataUse) Limited {
	if len(c.Options) == 0 {
		return Limited{}
	}
	options := []byte{'['}
	for i, o := range c.Options {
		if i > 0 {
			options = append(options, ',')
		}
		options = jsonscan.AppendString(options, []byte(o))
	}
	return Limited{
		options: append(options, ']'),
		country: strconv.AppendInt(nil, int64(c.Country), 10),
		state:   strconv.AppendInt(nil, int64(c.State), 10),
	}
}

// Weaker says whether what an event says leaves open what the dataset's setting limits: it says no options, or other ones.
func (l Limited) Weaker(e *capi.Event) bool {
	return l.options != nil && e.Options != nil &&
		(!bytes.Equal(e.Options, l.options) || !bytes.Equal(e.OptCountry, l.country) || !bytes.Equal(e.OptState, l.state))
}

// Apply sets the options on an event that says nothing of them; an explicit empty list is a statement too. A country or a state
// without options is none: SDKs send 0 whether or not the use is limited.
func (l Limited) Apply(e *capi.Event) {
	if l.options == nil || e.Options != nil {
		return
	}
	e.Options, e.OptCountry, e.OptState = l.options, l.country, l.state
}
