package graph

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
)

// proof is the body member appsecret_proof, lower-case hex HMAC-SHA256 of the token by the app's secret: with it a stolen
// token is of no use. Nil without an app secret.
func (p *Poster) proof(token string) []byte {
	if p.cfg.AppSecret == nil {
		return nil
	}
	mac := hmac.New(sha256.New, []byte(p.cfg.AppSecret.Reveal()))
	_, _ = mac.Write([]byte(token))
	member := append([]byte(nil), `,"appsecret_proof":"`...)
	member = hex.AppendEncode(member, mac.Sum(nil))
	return append(member, '"')
}
