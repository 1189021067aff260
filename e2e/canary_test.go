package e2e

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// canaries are secret or personal values that may appear nowhere but in record values and in what Meta gets.
var canaries = []string{
	"canary.jane@example.org", "4155550142", "Canaryfirst", "Canarylast", "203.0.113.77",
	apiSecret, accessKey, shopToken, otherToken,
}

// TestCanary sends personal data and tokens through every path, errors included, and looks for them in every log line,
// metric, record header and answer.
func TestCanary(t *testing.T) {
	t.Parallel()
	s := newStack(t, "")
	s.control(http.MethodPut, "/_sandbox/faults", `[
		{"event_id":"canary-refused","status":400,"error":{"code":100,"error_subcode":2804019,"message":"canary.jane@example.org 4155550142"}},
		{"event_id":"canary-retried","times":2,"status":500,"body":"canary.jane@example.org 4155550142 `+shopToken+`"}]`)
	var answers strings.Builder
	post := func(path string, header http.Header, body string) {
		_, answer, answered := send(t, http.MethodPost, s.ingestURL+path, header, body)
		answers.WriteString(answer)
		for k, v := range answered {
			answers.WriteString(k + strings.Join(v, " "))
		}
	}
	ids := []string{"canary-delivered", "canary-refused", "canary-retried", "canary-dead"}
	for _, id := range ids {
		e := purchase(id)
		e["user_data"] = map[string]any{
			"em": "canary.jane@example.org", "ph": "+1 415 555 0142", "fn": "Canaryfirst", "ln": "Canarylast",
			"client_ip_address": "203.0.113.77", "client_user_agent": "Mozilla/5.0",
		}
		if id == "canary-dead" {
			e["custom_data"] = map[string]any{"value": "canary.jane@example.org", "currency": "USD"}
		}
		s.take(shopID, e)
	}
	// What is refused, in every way: the answer must not repeat it.
	graph := "/v25.0/" + shopID + "/events"
	post(graph+"?access_token=wrong-"+apiSecret, nil, `{"data":[]}`)
	post(graph+"?access_token="+apiSecret, nil, `{"data":[{"event_name":"canary.jane@example.org"`)
	post(graph+"?access_token="+apiSecret, nil, `{"data":"canary.jane@example.org"}`)
	post(graph, http.Header{"Authorization": {"Bearer " + apiSecret}}, `{"data":[{"em":"canary.jane@example.org","em":"4155550142"}]}`)
	post("/v1/website/collect", http.Header{"Authorization": {"Bearer " + apiSecret + "x"}}, `{"events":[{"user":{"email":"canary.jane@example.org"}}]}`)
	post("/v1/website/collect", http.Header{"Origin": {"https://shop.example.com"}}, `{"events":["canary.jane@example.org"]}`)
	post("/v1/sources/canary.jane@example.org", nil, `{}`)
	post("/v1/sources/till?token="+apiSecret, http.Header{"Content-Type": {"text/csv"}}, "Purchase;canary.jane@example.org;Canaryfirst\n\"")
	s.waitFates(time.Minute, ids)
	for _, p := range s.processes() {
		p.stop(stopWithin)
	}
	places := map[string]string{"answers": answers.String(), "headers": s.allHeaders()}
	for _, p := range s.processes() {
		places["log of "+p.name] = p.log.text()
	}
	s.searchMetrics(places)
	for place, text := range places {
		for _, c := range canaries {
			for form, needle := range forms(c) {
				if strings.Contains(text, needle) {
					t.Errorf("%s: %s of canary %q", place, form, c)
				}
			}
		}
	}
}

// searchMetrics adds each process's metrics to the places to search. It starts the processes again, which were stopped so
// that their logs are complete.
func (s *stack) searchMetrics(places map[string]string) {
	s.t.Helper()
	for _, p := range s.processes() {
		p.start()
	}
	s.waitReady()
	s.take(shopID, purchase("canary-metrics"))
	s.waitFates(time.Minute, []string{"canary-metrics"})
	for name, addr := range map[string]string{"ingest": s.ingestAdmin, "normalizer": s.normalizerAdmin, "forwarder": s.forwarderAdmin} {
		_, places["metrics of "+name] = get(s.t, "http://"+addr+"/metrics")
	}
}

// allHeaders returns every record header and key of every topic, those of dead letters and signals included.
func (s *stack) allHeaders() string {
	s.t.Helper()
	var all bytes.Buffer
	s.scanHeaders(&all)
	if all.Len() == 0 {
		s.t.Fatal("no header was read: the test shows nothing")
	}
	return all.String()
}

// forms returns a value in each form in which it could leak. Its hash is one, for the hash of an e-mail is personal data
// too.
func forms(value string) map[string]string {
	sum := sha256.Sum256([]byte(strings.ToLower(value)))
	return map[string]string{
		"text":        value,
		"URL-encoded": url.QueryEscape(value),
		"base64":      base64.StdEncoding.EncodeToString([]byte(value)),
		"SHA-256":     hex.EncodeToString(sum[:]),
	}
}
