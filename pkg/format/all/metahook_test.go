package all_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/metaleadgen"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/format/whatsapp"
)

// TestMetaAccounts: the key of a webhook is the account or page of its entries; several are nobody's.
func TestMetaAccounts(t *testing.T) {
	for body, want := range map[string]string{
		`{"entry":[{"id":"1","changes":[]},{"id":"1"}]}`: "1",
		`{"entry":[{"id":153125381133}]}`:                "153125381133",
		`{"entry":[{"id":"1"},{"id":"2"}]}`:              receive.SeveralKeys,
		`{"entry":[]}`:                                   "",
	} {
		for _, f := range []*format.Format{&whatsapp.Format, &metaleadgen.Format} {
			in := &receive.Input{Request: httptest.NewRequest(http.MethodPost, "/", nil), Body: []byte(body)}
			var b receive.Batch
			if r := f.Receiver.Split(in, &b); r != nil {
				t.Errorf("%s: %s refused: %s", f.Name, body, r.Detail)
			}
			if b.Claim.Key != want || f.Signature == nil {
				t.Errorf("%s: %s: key %q, want %q; signed by %v", f.Name, body, b.Claim.Key, want, f.Signature)
			}
		}
	}
}
