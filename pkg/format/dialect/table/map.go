// Package table is rows that a source's mapping file explains: taken out of files, and mapped.
package table

import (
	"strings"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// Mapper maps rows of files, and any JSON, by the source's mapping file (formats csv, xlsx and json). Files come from
// servers: nothing of the request is the customer's.
type Mapper struct{}

// Map implements mapping.Mapper.
func (Mapper) Map(in *mapping.Input, out *mapping.Output) error {
	if in.Rows == nil {
		return fault.New(fault.UnknownSource, "mapping")
	}
	dropped, said, err := in.Rows.MapSaying(in.Raw.Item, in.Zone, &out.Event)
	out.Consent = said
	for i := range dropped {
		out.Drop(fieldLabel(dropped[i].Field), mapping.Malformed)
	}
	return err
}

// fieldLabel is the label in mapping.Fields of a mapping file's target (user_data.em, custom_data.contents[].id).
func fieldLabel(path string) string {
	section, rest, _ := strings.Cut(path, ".")
	if section == mapping.FieldUser {
		if k, ok := identity.KeyOf([]byte(rest)); ok {
			return k.String()
		}
		return mapping.FieldUser
	}
	if strings.HasPrefix(path, mapping.FieldContents) {
		return mapping.FieldContents
	}
	for _, f := range mapping.Fields {
		if f == path {
			return f
		}
	}
	switch section {
	case mapping.FieldCustom, mapping.FieldApp:
		return section
	}
	return mapping.FieldEvent
}
