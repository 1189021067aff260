package ga4gtag

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format/dialect/google"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/format/receive/receivetest"
)

// tagged splits and names a hit.
func tagged(t *testing.T, query, body, client string) *receive.Batch {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/g/collect?"+query, nil)
	in := &receive.Input{Request: r, Body: []byte(body), Answer: google.Answer{}, Now: receivetest.Arrival, Client: netip.MustParseAddr(client)}
	b := &receive.Batch{Claim: (Receiver{}).Claim(r)}
	if refusal := (Receiver{}).Split(in, b); refusal != nil {
		t.Fatal(refusal.Detail)
	}
	if refusal := receive.Name(Receiver{}, in, b, "tag", receivetest.Arrival); refusal != nil {
		t.Fatal(refusal.Detail)
	}
	return b
}

// TestGtagLines: how query and lines become items.
func TestGtagLines(t *testing.T) {
	for _, c := range []struct{ query, body, context, key, items string }{
		{"tid=G-1&cid=1.2&en=a", "", "", "G-1", `{"tid":"G-1","cid":"1.2","en":"a"}`},
		{"tid=G-1&en=a&dl=x", "en=b&uid=u", "", "G-1", `{"en":"b","uid":"u","tid":"G-1","dl":"x"}`},
		{"tid=G-1&cid=1.2&cid=3.4&token=s", "en=a\r\nen=b&cid=5.6\n\n", `{"tid":"G-1","cid":"1.2"}`, "G-1", `{"en":"a"}{"en":"b","cid":"5.6"}`},
		{"v=2", "tid=G-2&en=a\ntid=G-3&en=b", `{"v":"2"}`, "G-2", `{"tid":"G-2","en":"a"}{"tid":"G-3","en":"b"}`},
	} {
		b := tagged(t, c.query, c.body, "203.0.113.24")
		var items []byte
		for i := range b.Items {
			items = append(items, b.Items[i].Value...)
		}
		if string(b.Context) != c.context || b.Claim.Key != c.key || string(items) != c.items {
			t.Errorf("%s %q: context %s, key %s, items %s", c.query, c.body, b.Context, b.Claim.Key, items)
		}
	}
}

// TestGtagIDs: equal lines are hits of their own, and of each visitor.
func TestGtagIDs(t *testing.T) {
	first := tagged(t, "tid=G-1&cid=1.2", "en=scroll\nen=scroll", "203.0.113.24")
	if bytes.Equal(first.Items[0].ID, first.Items[1].ID) {
		t.Error("two lines are one event")
	}
	if !bytes.Equal(first.Items[0].Key, first.Items[1].Key) {
		t.Error("one visitor has two keys")
	}
	again := tagged(t, "tid=G-1&cid=1.2", "en=scroll\nen=scroll", "203.0.113.24")
	if !bytes.Equal(first.Items[1].ID, again.Items[1].ID) {
		t.Error("a repeat has other ids")
	}
	for what, other := range map[string]*receive.Batch{
		"client": tagged(t, "tid=G-1&cid=1.3", "en=scroll\nen=scroll", "203.0.113.24"), "address": tagged(t, "tid=G-1&cid=1.2", "en=scroll\nen=scroll", "203.0.113.25"),
	} {
		if bytes.Equal(first.Items[0].ID, other.Items[0].ID) {
			t.Errorf("another %s has the same id", what)
		}
	}
}

// TestGtagLimits: what is too much is refused, before it costs anything.
func TestGtagLimits(t *testing.T) {
	for what, c := range map[string][2]string{
		"fields of a line": {"tid=G-1", strings.Repeat("a&", 3<<20)},
		"fields of lines":  {"tid=G-1", "en=a\n" + strings.Repeat("a=1&", 1<<20)},
		"context":          {"tid=G-1&dl=" + strings.Repeat("x", receive.MaxContext), "en=a\nen=b"},
	} {
		in := &receive.Input{Request: httptest.NewRequest(http.MethodPost, "/g/collect?"+c[0], nil), Body: []byte(c[1]), Answer: google.Answer{}}
		if refusal := (Receiver{}).Split(in, &receive.Batch{}); refusal == nil {
			t.Errorf("%s: taken", what)
		}
	}
}

func FuzzReceive(f *testing.F) {
	for _, seed := range [][2]string{
		{"v=2&tid=G-1&cid=1.2&en=purchase&ep.transaction_id=1&pr1=ida~pr1", ""},
		{"tid=G-1&cid=1.2&dl=x", "en=a&_et=1\r\nen=b&uid=u\n"},
		{"%ff=1&%fe=2", "en=%\n\xff"},
	} {
		f.Add(seed[0], []byte(seed[1]))
	}
	f.Fuzz(func(t *testing.T, query string, body []byte) {
		receivetest.Decode(t, Receiver{}, google.Answer{}, body, "text/plain", nil, ":query", query)
	})
}
