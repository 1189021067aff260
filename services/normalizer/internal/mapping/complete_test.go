package mapping

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/config"
)

// TestEveryFormatHasAMapper: and its table has no name that Meta would not take.
func TestEveryFormatHasAMapper(t *testing.T) {
	for _, f := range config.Formats {
		m := Of([]byte(f.Name))
		if m == nil {
			t.Errorf("%s has no mapper in Of", f.Name)
			continue
		}
		names := m.Names()
		if names == nil {
			continue
		}
		for from, to := range names.Table {
			if len(to) > maxName {
				t.Errorf("%s: %q becomes %q", f.Name, from, to)
			}
			if lower := string(appendLower(nil, []byte(from))); names.Fold && lower != from {
				t.Errorf("%s: %q is never found, since case does not count", f.Name, from)
			}
		}
	}
	if Of([]byte("fax")) != nil {
		t.Error("a format of nobody's has a mapper")
	}
}
