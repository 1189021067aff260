package all

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestWhoNeverRepeats: the formats, and routes of others, whose senders come once, taken or not. Only WooCommerce turns itself off.
func TestWhoNeverRepeats(t *testing.T) {
	var got, off []string
	for _, f := range Formats {
		if f.NoRetry {
			got = append(got, f.Name)
		}
		if f.TurnsOff {
			off = append(off, f.Name)
		}
		for i := range f.Routes {
			if r := &f.Routes[i]; f.NoRetryAt(r) && !f.NoRetry {
				got = append(got, f.Name+" "+r.Pattern)
			}
		}
	}
	slices.Sort(got)
	want := []string{"adjust", "appsflyer", "branch", "collect", "ga4.gtag", "ga4.mp", "meta.openbridge", "meta.pixel", "segment /beacon/v1/batch", "stape", "woocommerce"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"woocommerce"}, off); diff != "" {
		t.Error(diff)
	}
}
