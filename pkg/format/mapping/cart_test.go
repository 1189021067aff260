package mapping_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/format/mapping/mappingtest"
)

// member reads a member of a test's product.
func member(key []byte, p *mapping.Product, value []byte) {
	switch string(key) {
	case "variant":
		p.IDs[0] = value
	case "id":
		p.IDs[1] = value
	case "n":
		p.Quantity = value
	case "price":
		p.Price = value
	}
}

// TestProducts: a cart's products and an order's lines are read alike, but that a line's id 0 is no product's, and that its
// missing quantity stays missing. One that cannot be read is nobody's 1.
func TestProducts(t *testing.T) {
	const list = `[{"variant":7,"id":"a","n":2,"price":"1.50"},{"variant":0,"id":"b"},{"id":" "},{"n":1},"x",{"id":"c","n":"many"}]`
	malformed := mapping.Dropped{Field: mapping.FieldContents, Reason: mapping.Malformed}
	for _, c := range []struct {
		name, want string
		read       func(o *mapping.Output, list []byte)
	}{
		{"a cart", "7 2 1.50, 0 1 , c  ", func(o *mapping.Output, list []byte) { o.AddProducts(list, member) }},
		{"an order", "7 2 1.50, b  , c  ", func(o *mapping.Output, list []byte) { o.AddOrderLines(list, member) }},
	} {
		o := new(mapping.Output)
		c.read(o, []byte(list))
		if diff := cmp.Diff(c.want, mappingtest.ContentsText(o)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		if diff := cmp.Diff([]mapping.Dropped{malformed, malformed}, o.Dropped); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
		for _, none := range []string{``, `null`, `[]`, `{}`} {
			o.Reset()
			if c.read(o, []byte(none)); len(o.Event.Custom.Contents) > 0 || len(o.Dropped) > 0 {
				t.Errorf("%s of %q: %v", c.name, none, o.Dropped)
			}
		}
	}
}
