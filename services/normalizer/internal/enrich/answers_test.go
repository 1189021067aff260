package enrich

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/capi"
)

// FuzzReadAnswers: no body makes readAnswers panic, and it returns only bounded values that say who the person is.
func FuzzReadAnswers(f *testing.F) {
	lead, err := os.ReadFile(filepath.Join("testdata", "lead.json"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(lead)
	for _, seed := range []string{
		`{"id":"1","field_data":[{"name":"full_name","values":["a b",7,null]},{"name":"\u0065mail","values":["\ud83d\ude00"]}]}`,
		`{"field_data":{}}`, `{"error":{}}`, `[]`, ``, `{"id":"1"}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		a, ok := readAnswers(body)
		if !ok {
			return
		}
		if len(a.values) > maxAnswers+1 {
			t.Errorf("%d answers", len(a.values))
		}
		var e capi.Event
		a.Complete(&e)
		for _, v := range e.User.Values {
			if !v.Key.Hashed() || len(v.Text) == 0 {
				t.Errorf("%s %q", v.Key, v.Text)
			}
		}
	})
}
