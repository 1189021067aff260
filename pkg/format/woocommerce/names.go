package woocommerce

import (
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
)

// names is WooCommerce's topics. An order is sold when it is paid, which the order says, not the topic.
var names = &mapping.Names{Table: map[string]string{
	"order.created": "Purchase",
	"order.updated": "Purchase",

	"order.deleted":    "",
	"order.restored":   "",
	"customer.created": "",
	"customer.updated": "",
	"customer.deleted": "",
	"product.created":  "",
	"product.updated":  "",
	"product.deleted":  "",
	"product.restored": "",
	"coupon.created":   "",
	"coupon.updated":   "",
	"coupon.deleted":   "",
	"coupon.restored":  "",
}}
