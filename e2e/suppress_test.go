package e2e

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// suppress runs a command of suppress, which must succeed.
func (s *stack) suppress(args ...string) {
	s.t.Helper()
	args = append([]string{"suppress", args[0], "-c", s.config}, args[1:]...)
	if out, errs, code := run(s.t, time.Minute, "omnicapi", args...); code != 0 {
		s.t.Fatalf("%v: exit %d\n%s%s", args, code, out, errs)
	}
}

// knows waits until a process has so many keys of persons on its list.
func (s *stack) knows(n string, admins ...string) {
	s.t.Helper()
	for _, admin := range admins {
		eventually(s.t, time.Minute, admin+" knows "+n, func() (bool, string) {
			_, body := get(s.t, "http://"+admin+"/metrics")
			return strings.Contains(body, "\nomnicapi_suppressions "+n+"\n"), ""
		})
	}
}

// ends waits until an event has ended, and says how: its fates, sorted, for they are of several partitions.
func (s *stack) ends(id, want string) {
	s.t.Helper()
	var got []string
	eventually(s.t, time.Minute, id+" ends "+want, func() (bool, string) {
		got = nil
		for _, f := range s.fates()[id] {
			got = append(got, strings.TrimSpace(f.fate+" "+f.reason))
		}
		slices.Sort(got)
		text := strings.Join(got, ", ")
		return text == want, text
	})
}

// TestSuppression (F79, T43): the events of a person who was suppressed do not reach Meta, whether they come afterwards, were on their way
// while nobody forwarded, or are replayed as dead letters; after a restart the list is there; others' events and those of one who was
// taken off arrive.
func TestSuppression(t *testing.T) {
	t.Parallel()
	s := newStack(t, "")
	person := func(id, email string) map[string]any {
		e := purchase(id)
		e["user_data"] = map[string]any{"em": email, "client_user_agent": "Mozilla/5.0", "client_ip_address": "203.0.113.9"}
		return e
	}
	post := func(events ...map[string]any) {
		t.Helper()
		s.take(shopID, events...)
	}
	arrived := func(id string) int { return len(s.arrived(url.Values{"event_id": {id}})) }

	post(person("before", "jane.doe@example.com"))
	s.ends("before", "delivered")

	s.control(http.MethodPut, "/_sandbox/faults", `[{"status":400,"error":{"code":100,"error_subcode":2804019}}]`)
	post(person("letter", "jane.doe@example.com"))
	s.ends("letter", "dead refused")
	s.control(http.MethodPut, "/_sandbox/faults", `[]`)

	s.forwarder.stop(time.Minute)
	post(person("backlog", "jane.doe@example.com"), person("backlog-john", "john.doe@example.com"))
	eventually(t, time.Minute, "the signals", func() (bool, string) {
		topics, err := s.stream.Topics(t.Context(), s.names.Signals("shop"))
		return err == nil && len(topics) == 1 && topics[0].Records == 4, ""
	})

	s.suppress("add", "--email", " Jane.Doe@Example.com")
	asked := time.Now()
	s.knows("1", s.normalizerAdmin)
	t.Logf("the normalizer knew it within %s of the command's end", time.Since(asked).Round(10*time.Millisecond))
	post(person("later", "JANE.DOE@example.com"))
	s.ends("later", "dropped suppressed")

	s.forwarder.start()
	s.waitReady()
	s.ends("backlog", "dropped suppressed")
	s.ends("backlog-john", "delivered")

	s.normalizer.kill()
	s.normalizer.start()
	s.waitReady()
	s.knows("1", s.normalizerAdmin, s.forwarderAdmin)
	post(person("restarted", "jane.doe@example.com"))
	s.ends("restarted", "dropped suppressed")

	if out, errs, code := run(t, time.Minute, "omnicapi", "deadletters", "replay", "-c", s.config, "--all"); code != 0 {
		t.Fatalf("replay: exit %d\n%s%s", code, out, errs)
	}
	s.ends("letter", "dead refused, dropped suppressed, replayed")

	s.suppress("remove", "--email", "jane.doe@example.com")
	s.knows("0", s.normalizerAdmin, s.forwarderAdmin)
	post(person("again", "jane.doe@example.com"))
	s.ends("again", "delivered")
	for _, id := range []string{"letter", "backlog", "later", "restarted"} {
		if n := arrived(id); n != 0 {
			t.Errorf("%s arrived %d times", id, n)
		}
	}
	for _, id := range []string{"before", "backlog-john", "again"} {
		if n := arrived(id); n == 0 || n > 1 && !s.gaveUp() {
			t.Errorf("%s arrived %d times", id, n)
		}
	}
}
