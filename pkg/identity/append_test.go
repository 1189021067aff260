package identity

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
)

// A row is a value of a key and the normalized text or the drop that it must give.
type row struct {
	raw, want string
	drop      Drop
}

// check normalizes every row into a buffer whose earlier bytes must stay, and checks that Append agrees with
// AppendNormalized.
func check(t *testing.T, k Key, c *Context, rows []row) {
	t.Helper()
	const before = "before"
	for _, r := range rows {
		out, drop := AppendNormalized([]byte(before), k, []byte(r.raw), Auto, c)
		if string(out) != before+r.want || drop != r.drop {
			t.Errorf("%v %q = %q (%v), want %q (%v)", k, r.raw, out, drop, before+r.want, r.drop)
		}
		wire, drop := Append([]byte(before), k, []byte(r.raw), Auto, c)
		want := r.want
		if r.drop == Kept && k.Hashed() {
			want = digest(r.want)
		}
		if string(wire) != before+want || drop != r.drop {
			t.Errorf("%v %q on the wire is %q (%v), want %q (%v)", k, r.raw, wire, drop, before+want, r.drop)
		}
	}
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
