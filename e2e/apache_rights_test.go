package e2e

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// rights are what `omnicapi topics acls` says that each user needs: names of one kind, by their operations.
type rights map[string]map[string][]string

func rightsOf(t *testing.T, config string) rights {
	t.Helper()
	out, errs, code := run(t, time.Minute, "omnicapi", "topics", "acls", "-c", config, "--as", "json")
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	all := rights{}
	for line := range strings.Lines(out) {
		var r struct {
			User, Kind, Name string
			Operations       []string
		}
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		what := r.Kind + " " + strings.Join(r.Operations, " ")
		if all[r.User] == nil {
			all[r.User] = map[string][]string{}
		}
		all[r.User][what] = append(all[r.User][what], r.Name)
	}
	return all
}

// grant gives them, in few calls of Kafka's own tool: each starts a virtual machine.
func (a *apache) grant(all rights) {
	for _, user := range slices.Sorted(maps.Keys(all)) {
		for what, names := range all[user] {
			kind, operations, _ := strings.Cut(what, " ")
			args := []string{"--add", "--allow-principal", "User:" + user}
			for operation := range strings.FieldsSeq(operations) {
				args = append(args, "--operation", operation)
			}
			for _, name := range names {
				args = append(args, "--"+kind, name)
			}
			a.cli("org.apache.kafka.tools.AclCommand", args...)
		}
	}
}

// TestLeastRights (T38): with the rights that `omnicapi topics acls` writes, and no others, events go all the way, a dead one is listed
// and replayed, the topics are made and checked, and each is traced.
func TestLeastRights(t *testing.T) {
	right, _ := certificate(t, nil)
	users := []string{"omnicapi-ingest", "omnicapi-normalizer", "omnicapi-forwarder", "omnicapi-ledger", "omnicapi-omnicapi"}
	a := newApache(t, 1, "", secured(right, right, right, users...))
	s := newStackOn(t, a.addrs, "")
	all := rightsOf(t, s.config)
	if got := slices.Sorted(maps.Keys(all)); !slices.Equal(got, slices.Sorted(slices.Values(users))) {
		t.Fatalf("rights of %v", got)
	}
	a.grant(all)
	login := func(service string) []string {
		return []string{
			"OMNICAPI_KAFKA_BROKERS=" + a.at(2), "OMNICAPI_KAFKA_SASL_MECHANISM=plain", "OMNICAPI_KAFKA_SASL_USERNAME=omnicapi-" + service,
			"OMNICAPI_KAFKA_SASL_PASSWORD_FILE=" + s.write("secrets/kafka", kafkaPassword),
		}
	}
	for p, service := range map[*process]string{s.ingest: "ingest", s.normalizer: "normalizer", s.forwarder: "forwarder"} {
		p.kill()
		p.env = append(p.env, login(service)...)
		p.start()
	}
	s.waitReady()
	events, ids := numbered(t, "least", 20)
	s.take(shopID, events...)
	s.nothingLost(ids)
	bad := purchase("least-bad")
	bad["event_time"] = 1
	s.take(shopID, bad)
	s.waitFates(2*time.Minute, []string{"least-bad"})

	for _, v := range login("omnicapi") {
		name, value, _ := strings.Cut(v, "=")
		t.Setenv(name, value)
	}
	command := func(prefix string, args ...string) {
		t.Helper()
		t.Setenv("OMNICAPI_KAFKA_PREFIX", prefix)
		if out, errs, code := run(t, time.Minute, "omnicapi", append(args, "-c", s.config)...); code != 0 {
			t.Errorf("%v: exit %d\n%s%s", args, code, out, errs)
		}
	}
	command(s.names.Prefix, "trace", ids[0])
	command(s.names.Prefix, "audit")
	command(s.names.Prefix, "topics", "check")
	command(s.names.Prefix, "deadletters", "list")
	command(s.names.Prefix, "deadletters", "show", "least-bad", "--reveal")
	command(s.names.Prefix, "deadletters", "replay", "--event-id", "least-bad")
	command(s.names.Prefix, "operations", "list")
	t.Setenv("OMNICAPI_KAFKA_PREFIX", "anew.")
	a.grant(rights{"omnicapi-omnicapi": rightsOf(t, s.config)["omnicapi-omnicapi"]})
	command("anew.", "topics", "apply")
}
