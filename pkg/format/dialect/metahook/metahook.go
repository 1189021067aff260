// Package metahook is what Meta's own webhooks have in common: how their endpoint is verified and what their body is made of.
package metahook

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Greet answers the GET by which Meta verifies a webhook: the challenge as text, 403 for a wrong token.
func Greet(in *receive.Input, to receive.Candidates, reply *receive.Reply) bool {
	if in.Request.Method != http.MethodGet {
		return false
	}
	q := in.Request.URL.Query()
	right := to != nil && to.Verifies(q.Get("hub.verify_token"))
	if challenge := q.Get("hub.challenge"); right && challenge != "" && q.Get("hub.mode") == "subscribe" {
		reply.Status, reply.ContentType, reply.Body = http.StatusOK, "text/plain; charset=utf-8", append(reply.Body[:0], challenge...)
		return true
	}
	receive.Hook{Denied: http.StatusForbidden}.Refused(reply, &receive.Refusal{Kind: receive.Unauthorized, Detail: "no verification, or a wrong verify token"}, nil, "")
	return true
}

// Changes walks the changes of a webhook of Meta's: {"entry":[{"id":…,"changes":[{"field","value"}]}]}. The entries'
// id is who the webhook is of: it completes the claim. Those of several belong to nobody's key.
func Changes(b *receive.Batch, body []byte, change func(entry, field, value []byte) *receive.Refusal) *receive.Refusal {
	var refused *receive.Refusal
	if !jsonscan.Array(jsonscan.Get(body, "entry"), func(entry []byte) bool {
		id := b.Text(jsonscan.Get(entry, "id"))
		b.Claim.AddKey(id)
		jsonscan.Array(jsonscan.Get(entry, "changes"), func(c []byte) bool {
			refused = change(id, b.Text(jsonscan.Get(c, "field")), jsonscan.Get(c, "value"))
			return refused == nil
		})
		return refused == nil
	}) {
		return &receive.Refusal{Kind: receive.Unreadable, Field: "entry", Detail: "entry must be an array"}
	}
	return refused
}
