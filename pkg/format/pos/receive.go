package pos

import (
	"bytes"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Receiver takes a till's requests apart.
type Receiver struct{}

// maxSales is how many transactions a request may hold.
const maxSales = 1000

// Split reads {"transactions":[…]}, an array of transactions, or one. Only a sale to a customer who is known somehow can
// be an event: refunds, and sales to nobody, are counted and not stored.
func (f Receiver) Split(in *receive.Input, b *receive.Batch) *receive.Refusal {
	if r := receive.CheckBody(in.Body); r != nil {
		return r
	}
	var list []byte
	switch jsonscan.Kind(in.Body) {
	case 'a':
		list = in.Body
	case 'o':
		if list = jsonscan.Get(in.Body, "transactions"); list == nil && jsonscan.Get(in.Body, memberID) != nil {
			return f.add(b, jsonscan.Trim(in.Body))
		}
		list = b.Embedded(list)
		f.context(b, in.Body)
	}
	if r := b.CloseContext(); r != nil {
		return r
	}
	n := 0
	var refused *receive.Refusal
	if !jsonscan.Array(list, func(value []byte) bool {
		if n++; n > maxSales {
			refused = &receive.Refusal{Kind: receive.TooLarge, Field: "transactions", Detail: "more than 1000 transactions in one request"}
			return false
		}
		refused = f.add(b, value)
		return refused == nil
	}) {
		return &receive.Refusal{Kind: receive.Unreadable, Field: "transactions", Detail: "transactions must be an array"}
	}
	if refused == nil && n == 0 {
		return &receive.Refusal{Kind: receive.Unreadable, Field: "transactions", Detail: "transactions holds no transaction"}
	}
	return refused
}

// context keeps what the request says for all its transactions: store, register and the like.
func (Receiver) context(b *receive.Batch, body []byte) {
	jsonscan.Object(body, func(key, value []byte) bool {
		if name := jsonscan.Key(key, &b.Scratch); string(name) != "transactions" && !receive.IsCredential(string(name)) {
			b.AddContext(key, value)
		}
		return true
	})
}

func (f Receiver) add(b *receive.Batch, value []byte) *receive.Refusal {
	if value = b.Embedded(value); jsonscan.Kind(value) != 'o' {
		return b.Reject(0, "", fault.Undecodable, "not an object")
	}
	if !f.isSale(value, b) {
		b.Ignored++
		return nil
	}
	return b.Add(value)
}

// isSale says whether a transaction is a sale to a customer; one without a type is a sale.
func (Receiver) isSale(value []byte, b *receive.Batch) bool {
	isSale, known := true, false
	jsonscan.Object(value, func(key, v []byte) bool {
		switch string(jsonscan.Key(key, &b.Scratch)) {
		case memberType:
			isSale = jsonscan.Kind(v) == 'z' || bytes.EqualFold(bytes.TrimSpace(b.Text(v)), []byte(sale))
		case memberCustomer:
			known = known || receive.IsGiven(v)
		}
		return true
	})
	return isSale && known
}

// Identify takes the till's own id of the transaction; without one, the place in a request that says it is the same one
// when it is repeated (Idempotency-Key).
func (Receiver) Identify(in *receive.Input, item []byte, id *receive.Ident) fault.Reason {
	var when, customer []byte
	jsonscan.Object(item, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &in.Scratch)) {
		case memberID:
			id.EventID = in.EventID(value)
		case memberTime:
			when = value
		case memberCustomer:
			customer = value
		}
		return true
	})
	id.HasTime = receive.IsPresent(when)
	if loyalty := in.FirstText(jsonscan.Get(customer, "loyalty_id")); len(loyalty) > 0 {
		id.Person = loyalty
	} else {
		id.Person = in.Person(customer)
	}
	if key := in.Request.Header.Get("Idempotency-Key"); id.EventID == nil && key != "" {
		start := len(in.Scratch)
		in.Scratch = strconv.AppendInt(append(append(in.Scratch, key...), 0), int64(id.Index), 10)
		id.Natural = in.Scratch[start:len(in.Scratch):len(in.Scratch)]
	}
	switch {
	case !id.HasTime:
		id.Field = memberTime
		return fault.MissingField
	case !receive.ReadableTime(when, &in.Scratch):
		id.Field = memberTime
		return fault.InvalidField
	}
	return fault.None
}
