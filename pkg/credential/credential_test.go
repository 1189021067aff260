package credential_test

import (
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/credential"
)

// TestNames: members and parameters that are credentials, and those that sound alike.
func TestNames(t *testing.T) {
	for _, name := range []string{"access_token", "accessToken", "Access-Token", "API_KEY", "password", "client_secret", "writeKey", "authorization"} {
		if !credential.IsMember([]byte(name), false) {
			t.Errorf("the member %s stays", name)
		}
	}
	for _, name := range []string{"token", "session_id", "coupon", "key", "device_token", "cart_token", "secret_santa", "keyword", strings.Repeat("token", 20)} {
		if credential.IsMember([]byte(name), false) {
			t.Errorf("the member %s goes", name)
		}
	}
	if !credential.IsMember([]byte("token"), true) {
		t.Error("a token of the sender's own stays")
	}
	for pair, want := range map[string]bool{
		"cart_token=1": true, "token_2=x": true, "key=1": false, "key=0123456789abcdef": true, "token=": false, "monkey=0123456789abcdef": false,
	} {
		name, value, _ := strings.Cut(pair, "=")
		if got := credential.IsParameter([]byte(name), []byte(value)); got != want {
			t.Errorf("%s: %v", pair, got)
		}
	}
}

// TestShapes: credentials are known without a name, click ids and words are none.
func TestShapes(t *testing.T) {
	for text, want := range map[string]bool{
		"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.": true, "eyJhbGciOiJIUzI1NiJ9": false, "sk_live_0123456789abcdef": true, "sk_live_x": false,
		"EAA" + strings.Repeat("x", 60): true, "EAIaIQobChMI0123456789": false, "ya29.a0AfH6SMBx0123456789": true, "AKIA is a word, and no key": false,
	} {
		if got := credential.IsValue([]byte(text)); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}
