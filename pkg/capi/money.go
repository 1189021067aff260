package capi

import "github.com/omnicapi/omnicapi/pkg/fault"

// money checks value and currency: a Purchase needs both, elsewhere a value without currency means nothing.
func (v *validation) money() *fault.Error {
	c := &v.e.Custom
	hadValue, hadCurrency := len(c.Value) > 0, len(c.Currency) > 0
	if hadValue {
		if c.Value = cleanDecimal(v.e, c.Value); c.Value == nil {
			v.drop("custom_data.value", DropMalformed)
		}
	}
	if hadCurrency {
		if c.Currency = upperCurrency(v.e, c.Currency); c.Currency == nil {
			v.drop("custom_data.currency", DropMalformed)
		}
	}
	if string(v.e.Name) == "Purchase" {
		switch {
		case len(c.Value) == 0:
			return gone("custom_data.value", hadValue)
		case len(c.Currency) == 0:
			return gone("custom_data.currency", hadCurrency)
		}
	}
	if len(c.Value) > 0 && len(c.Currency) == 0 {
		c.Value = nil
		v.drop("custom_data.value", DropIncomplete)
	}
	return nil
}

// gone is the end of an event for a required field: invalid_field if the sender gave a value that is none, else missing_field.
func gone(field string, had bool) *fault.Error {
	if had {
		return fault.New(fault.InvalidField, field)
	}
	return fault.New(fault.MissingField, field)
}

// custom checks contents and leaves out members that say nothing.
func (v *validation) custom() {
	c := &v.e.Custom
	c.Members = v.members(c.Members, "custom_data", ownOfCustom, customType)
	kept := 0
	for i := range c.Contents {
		content := &c.Contents[i]
		if len(content.ID) == 0 {
			v.drop("custom_data.contents", DropIncomplete)
			continue
		}
		v.amount(&content.Quantity)
		v.amount(&content.ItemPrice)
		content.Members = v.members(content.Members, "custom_data.contents", ownOfContent, contentType)
		// Swapped, not copied: each element keeps the memory of its members to itself.
		c.Contents[kept], c.Contents[i] = c.Contents[i], c.Contents[kept]
		kept++
	}
	c.Contents = c.Contents[:kept]
}

func (v *validation) amount(decimal *[]byte) {
	if len(*decimal) == 0 {
		return
	}
	if *decimal = cleanDecimal(v.e, *decimal); *decimal == nil {
		v.drop("custom_data.contents", DropMalformed)
	}
}
