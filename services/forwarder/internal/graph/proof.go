package graph

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"

	"github.com/omnicapi/omnicapi/pkg/config"
)

// proof is the body member appsecret_proof: the lower-case hex HMAC-SHA256 of the token by the app's secret, without which a
// stolen token is of no use. Nil without an app secret.
func proof(token string, appSecret *config.Secret) []byte {
	if appSecret == nil {
		return nil
	}
	mac := hmac.New(sha256.New, []byte(appSecret.Reveal()))
	_, _ = mac.Write([]byte(token))
	member := append([]byte(nil), `,"appsecret_proof":"`...)
	member = hex.AppendEncode(member, mac.Sum(nil))
	return append(member, '"')
}
