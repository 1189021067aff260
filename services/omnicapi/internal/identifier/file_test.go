package identifier

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/identity"
)

const none = Kind(-1)

func hashed(kind, text string) event.Suppression {
	return event.Suppression{Kind: kind, Hash: sha256.Sum256([]byte(text))}
}

// TestOf: an identifier is what an event's would be, so that its hash is the one that Meta would get.
func TestOf(t *testing.T) {
	jane := sha256.Sum256([]byte("jane.doe@example.com"))
	for _, c := range []struct {
		kind    Kind
		text    string
		country string
		want    string // of which the hash is; "": refused
	}{
		{Email, " Jane.Doe@Example.com ", "", "jane.doe@example.com"},
		{Email, hex.EncodeToString(jane[:]), "", "jane.doe@example.com"},
		{Email, "CANARY", "", ""},
		{Email, "", "", ""},
		{Phone, "+1 (415) 555-0123", "", "14155550123"},
		{Phone, "0014155550123", "", "14155550123"},
		{Phone, "(415) 555-0123", "us", "14155550123"},
		{Phone, "4155550123", "", ""},
		{Phone, "CANARY", "us", ""},
		{ExternalID, " Cust-77", "", "cust-77"},
		{ExternalID, "null", "", ""},
	} {
		got, err := Of(c.kind, []byte(c.text), c.country)
		if (err == nil) != (c.want != "") || err != nil && strings.Contains(err.Error(), "CANARY") {
			t.Errorf("%s %q: %v", c.kind, c.text, err)
		}
		if want := hashed(event.SuppressionKinds[c.kind], c.want); err == nil && got != want {
			t.Errorf("%s %q is another's", c.kind, c.text)
		}
		if err == nil {
			as, _ := identity.Append(nil, keys[c.kind], []byte(c.text), identity.Auto, &identity.Context{DefaultCountry: c.country})
			if hex.EncodeToString(got.Hash[:]) != string(as) {
				t.Errorf("%s %q: an event would carry %s", c.kind, c.text, as)
			}
		}
	}
}

func TestRead(t *testing.T) {
	for name, c := range map[string]struct {
		text    string
		as      Kind
		country string
		persons int
		refused string // lines
	}{
		"header":              {"email,phone,external_id\na@b.co,+14155550123,m-1\n,,m-2\n", none, "", 4, ""},
		"marks and CRLF":      {"\ufeffEmail;Country;Phone\r\na@b.co;US;4155550123\r\n;;\r\n", none, "", 2, "3"},
		"broken rows":         {"email,phone\nCANARY,+14155550123\n\"a\"b@c.co\",\nx@y.co,CANARY\n,\nlast@y.co\n", none, "", 3, "2 3 4 5"},
		"country of a row":    {"phone,country\n4155550123,US\n01701234567,Germany\n4155550123,Atlantis\n4155550124,\n", none, "us", 3, "4"},
		"the same twice":      {"email\na@b.co\nA@B.co\n", none, "", 1, ""},
		"lines":               {"a@b.co\n\n+14155550123\nm-1\nCANARY@\n", none, "", 2, "4 5"},
		"lines of a kind":     {"m-1\n77\n", ExternalID, "", 2, ""},
		"phones of a country": {"4155550123\n+4915112345678", Phone, "us", 2, ""},
		"no file":             {"", none, "", 0, ""},
		"an unknown column":   {"email,name\na@b.co,CANARY\n", none, "", 0, "1 2"},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := Read(strings.NewReader(c.text), c.as, c.country)
			if err != nil {
				t.Fatal(err)
			}
			var lines []string
			for _, r := range f.Refused {
				lines = append(lines, strconv.Itoa(r.Line))
				if strings.Contains(r.Why.Error(), "CANARY") {
					t.Errorf("it quotes a value: %v", r.Why)
				}
			}
			if got := strings.Join(lines, " "); got != c.refused || len(f.Persons) != c.persons {
				t.Errorf("%d persons, refused %s", len(f.Persons), got)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add("email,phone\na@b.co,+14155550123\n", -1)
	f.Add("a@b.co\n\"", 2)
	f.Fuzz(func(t *testing.T, text string, as int) {
		read, err := Read(strings.NewReader(text), Kind(as&3-1), "")
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range read.Persons {
			if rec, err := p.Record("t"); err != nil || len(rec.Key) < hashDigits {
				t.Errorf("%+v", p)
			}
		}
	})
}
