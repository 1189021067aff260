package channel

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// greetMeta answers the GET by which Meta verifies a webhook: the challenge as text, 403 for a wrong token.
func greetMeta(in *Input, to Candidates, reply *Reply) bool {
	if in.Request.Method != http.MethodGet {
		return false
	}
	q := in.Request.URL.Query()
	right := to != nil && to.Verifies(q.Get("hub.verify_token"))
	if challenge := q.Get("hub.challenge"); right && challenge != "" && q.Get("hub.mode") == "subscribe" {
		reply.Status, reply.ContentType, reply.Body = http.StatusOK, "text/plain; charset=utf-8", append(reply.Body[:0], challenge...)
		return true
	}
	Hook{Denied: http.StatusForbidden}.Refused(reply, &Refusal{Kind: Unauthorized, Detail: "no verification, or a wrong verify token"}, nil, "")
	return true
}

// metaChanges walks the changes of a webhook of Meta's: {"entry":[{"id":…,"changes":[{"field","value"}]}]}. The entries'
// id is who the webhook is of: it completes the claim. Those of several belong to nobody's key.
func metaChanges(b *Batch, body []byte, change func(entry, field, value []byte) *Refusal) *Refusal {
	var refused *Refusal
	if !jsonscan.Array(jsonscan.Get(body, "entry"), func(entry []byte) bool {
		id := b.text(jsonscan.Get(entry, "id"))
		b.claimKey(id)
		jsonscan.Array(jsonscan.Get(entry, "changes"), func(c []byte) bool {
			refused = change(id, b.text(jsonscan.Get(c, "field")), jsonscan.Get(c, "value"))
			return refused == nil
		})
		return refused == nil
	}) {
		return &Refusal{Kind: Unreadable, Field: "entry", Detail: "entry must be an array"}
	}
	return refused
}

// claimKey completes the claim by a key that each part of a body names: of several parts that name another, the request
// is nobody's. It keeps no list of them: whose body it is, is not known yet.
func (b *Batch) claimKey(key []byte) {
	switch {
	case len(key) == 0:
	case b.Claim.Key == "":
		b.Claim.Key = string(key)
	case b.Claim.Key != string(key):
		b.Claim.Key = severalKeys
	}
}

// severalKeys is no source's key: one has no space at its ends.
const severalKeys = " several "
