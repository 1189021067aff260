package mapping

import (
	"strings"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// rowsMapper maps rows of files, and any JSON, by the source's mapping file (formats csv, xlsx and json). Files come from
// servers: nothing of the request is the customer's.
type rowsMapper struct{}

func (rowsMapper) Default() string { return "" }
func (rowsMapper) Names() *Names   { return nil }

func (rowsMapper) Map(in *Input, out *Output) error {
	if in.Rows == nil {
		return fault.New(fault.UnknownSource, "mapping")
	}
	dropped, err := in.Rows.Map(in.Raw.Item, in.Zone, &out.Event)
	for i := range dropped {
		out.drop(fieldLabel(dropped[i].Field), malformed)
	}
	return err
}

// fieldLabel makes a closed label of a target path (user_data.em, custom_data.contents[].id).
func fieldLabel(path string) string {
	section, rest, _ := strings.Cut(path, ".")
	if section == fieldUser {
		if k, ok := identity.KeyOf([]byte(rest)); ok {
			return k.String()
		}
		return fieldUser
	}
	if strings.HasPrefix(path, fieldContents) {
		return fieldContents
	}
	for _, f := range Fields {
		if f == path {
			return f
		}
	}
	switch section {
	case fieldCustom, fieldApp:
		return section
	}
	return fieldEvent
}
