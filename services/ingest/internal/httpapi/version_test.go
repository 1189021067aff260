package httpapi

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/recorded"
)

// TestOlderVersions: a signature that covers no time is taken only where the source says so, and why it is not stands in the
// metric and the log.
func TestOlderVersions(t *testing.T) {
	for _, name := range []string{"v1-signature", "v2-signature", "v3-stripped-to-v1"} {
		for _, any := range []bool{false, true} {
			f := newFixture(t, nil, recordedSources(t)...)
			f.sources.Named("hubspot").Terms.AnyVersion = any
			w := httptest.NewRecorder()
			f.ServeHTTP(w, httpRequest(t, recorded.Case{Format: "hubspot", Name: name}))
			denied := strings.Contains(gather(t, f.reg), `label:{name:"reason" value:"weak_signature"} counter:{value:1`)
			var said struct{ Reason string }
			if !any && json.Unmarshal(f.log.Bytes(), &said) != nil || any == (w.Code == 401) || any == denied || !any && said.Reason != "weak_signature" {
				t.Errorf("%s, any version %v: %d, denied %v, %s", name, any, w.Code, denied, f.log)
			}
		}
	}
}
