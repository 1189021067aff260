package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

// accepted is one event that the sandbox accepted.
type accepted struct {
	FBTraceID     string         `json:"fbtrace_id"`
	Dataset       string         `json:"dataset"`
	TestEventCode string         `json:"test_event_code"`
	Event         map[string]any `json:"event"`
}

func (s *stack) arrived(query url.Values) []accepted {
	s.t.Helper()
	status, body := get(s.t, s.sandboxURL+"/_sandbox/events?"+query.Encode())
	if status != 200 {
		s.t.Fatalf("sandbox events: %d %s", status, body)
	}
	var events []accepted
	lines := bufio.NewScanner(strings.NewReader(body))
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var a accepted
		d := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		d.UseNumber()
		if err := d.Decode(&a); err != nil {
			s.t.Fatal(err)
		}
		events = append(events, a)
	}
	if err := lines.Err(); err != nil {
		s.t.Fatal(err)
	}
	return events
}

// arrivedIDs counts how often the sandbox accepted each event_id of a dataset.
func (s *stack) arrivedIDs(dataset string) map[string]int {
	s.t.Helper()
	status, body := get(s.t, s.sandboxURL+"/_sandbox/events?fields=event_id&dataset="+dataset)
	if status != 200 {
		s.t.Fatalf("sandbox events: %d %s", status, body)
	}
	ids := map[string]int{}
	lines := bufio.NewScanner(strings.NewReader(body))
	for lines.Scan() {
		var e struct {
			EventID string `json:"event_id"`
		}
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			s.t.Fatal(err)
		}
		ids[e.EventID]++
	}
	return ids
}

// waitArrived waits until the sandbox has accepted n events that match the query and returns them.
func (s *stack) waitArrived(n int, query url.Values) []accepted {
	s.t.Helper()
	var events []accepted
	eventually(s.t, time.Minute, fmt.Sprintf("%d events at the sandbox (%s)", n, query.Encode()), func() (bool, string) {
		events = s.arrived(query)
		return len(events) >= n, strconv.Itoa(len(events))
	})
	return events
}

// control calls a control route of the sandbox.
func (s *stack) control(method, path, body string) {
	s.t.Helper()
	status, answer, _ := send(s.t, method, s.sandboxURL+path, nil, body)
	if status/100 != 2 {
		s.t.Fatalf("%s %s: %d %s", method, path, status, answer)
	}
}

// send makes one request and returns its answer.
func send(t *testing.T, method, target string, header http.Header, body string) (status int, answer string, answered http.Header) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for k, v := range header {
		req.Header[k] = v
	}
	res, err := client.Do(req)
	if err != nil {
		return 0, err.Error(), nil
	}
	defer res.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(res.Body); err != nil {
		return 0, err.Error(), nil
	}
	return res.StatusCode, b.String(), res.Header
}
