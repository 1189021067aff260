package channel

import (
	"bytes"
	"net/http"
	"strconv"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// POS is a store's transactions as any till or back office can post them: {"store_id",…,"transactions":[{"transaction_id",
// "occurred_at","type","total","currency","customer":{…},"items":[…]}]}. The shape is ours.
type POS struct{}

// posMax is how many transactions a request may hold.
const posMax = 1000

// Name is pos.
func (POS) Name() string { return "pos" }

// Routes is one.
func (POS) Routes() []Route {
	return []Route{{Methods: []string{http.MethodPost}, Pattern: "/v1/store/transactions", Answer: Own{}}}
}

// Answer is ours.
func (POS) Answer() Answer { return Own{} }

// Claim reads the head.
func (POS) Claim(r *http.Request) Claim { return headClaim(r) }

// BodyClaims implements Format: never.
func (POS) BodyClaims(Claim) bool { return false }

// Split reads {"transactions":[…]}, an array of transactions, or one. Only a sale to a customer who is known somehow can
// be an event: refunds, and sales to nobody, are counted and not stored.
func (f POS) Split(in *Input, b *Batch) *Refusal {
	if sniff(in.Body) == 0 {
		return emptyBody()
	}
	if r := check(in.Body, ""); r != nil {
		return r
	}
	var list []byte
	switch jsonscan.Kind(in.Body) {
	case 'a':
		list = in.Body
	case 'o':
		if list = jsonscan.Get(in.Body, "transactions"); list == nil && jsonscan.Get(in.Body, "transaction_id") != nil {
			return f.add(in, b, jsonscan.Trim(in.Body))
		}
		f.context(b, in.Body)
	}
	if r := b.closeContext(); r != nil {
		return r
	}
	n := 0
	var refused *Refusal
	if !jsonscan.Array(list, func(value []byte) bool {
		if n++; n > posMax {
			refused = &Refusal{Kind: TooLarge, Field: "transactions", Detail: "more than 1000 transactions in one request"}
			return false
		}
		refused = f.add(in, b, value)
		return refused == nil
	}) {
		return &Refusal{Kind: Unreadable, Field: "transactions", Detail: "transactions must be an array"}
	}
	if refused == nil && n == 0 {
		return &Refusal{Kind: Unreadable, Field: "transactions", Detail: "transactions holds no transaction"}
	}
	return refused
}

// context keeps what the request says for all its transactions: store, register and the like.
func (POS) context(b *Batch, body []byte) {
	jsonscan.Object(body, func(key, value []byte) bool {
		if name := jsonscan.Key(key, &b.Scratch); string(name) != "transactions" && !IsCredential(string(name)) {
			b.addContext(key, value)
		}
		return true
	})
}

func (f POS) add(in *Input, b *Batch, value []byte) *Refusal {
	if jsonscan.Kind(value) != 'o' {
		return b.reject(0, "", fault.Undecodable, "not an object")
	}
	if !f.isSale(value, b) {
		b.Ignored++
		return nil
	}
	return b.add(in, 0, value)
}

// isSale says whether a transaction is a sale to a customer; one without a type is a sale.
func (POS) isSale(value []byte, b *Batch) bool {
	sale, known := true, false
	jsonscan.Object(value, func(key, v []byte) bool {
		switch string(jsonscan.Key(key, &b.Scratch)) {
		case "type":
			sale = jsonscan.Kind(v) == 'z' || bytes.EqualFold(bytes.TrimSpace(b.text(v)), []byte("sale"))
		case "customer":
			known = known || given(v)
		}
		return true
	})
	return sale && known
}

// Identify takes the till's own id of the transaction; without one, the place in a request that says it is the same one
// when it is repeated (Idempotency-Key).
func (POS) Identify(in *Input, item []byte, id *Ident) fault.Reason {
	var when, customer []byte
	jsonscan.Object(item, func(key, value []byte) bool {
		switch string(jsonscan.Key(key, &in.text)) {
		case "transaction_id":
			id.EventID = in.usable(value)
		case "occurred_at":
			when = value
		case "customer":
			customer = value
		}
		return true
	})
	id.HasTime = when != nil && jsonscan.Kind(when) != 'z'
	if loyalty := in.first(jsonscan.Get(customer, "loyalty_id")); len(loyalty) > 0 {
		id.Person = loyalty
	} else {
		id.Person = in.person(customer)
	}
	if key := in.Request.Header.Get("Idempotency-Key"); id.EventID == nil && key != "" {
		start := len(in.text)
		in.text = strconv.AppendInt(append(append(in.text, key...), 0), int64(id.Index), 10)
		id.Natural = in.text[start:len(in.text):len(in.text)]
	}
	switch {
	case !id.HasTime:
		id.Field = "occurred_at"
		return fault.MissingField
	case !readableTime(when, &in.text):
		id.Field = "occurred_at"
		return fault.InvalidField
	}
	return fault.None
}
