package e2e

import (
	"crypto/x509"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

const kafkaPassword = "kafka-password-canary-5d0e"

// secured are listeners that want a login, or have TLS with certificates that are right, expired and another host's; PLAINTEXT is the
// administrator's. logins have one password.
func secured(right, expired, another string, logins ...string) string {
	names := []string{"LOGIN", "RIGHT", "EXPIRED", "ANOTHER"}
	addrs := []string{"PLAINTEXT://127.0.0.1:{0}"}
	for i, name := range names {
		addrs = append(addrs, fmt.Sprintf("%s://127.0.0.1:{%d}", name, i+2))
	}
	protocols := []string{"PLAINTEXT:PLAINTEXT", "CONTROLLER:PLAINTEXT", "LOGIN:SASL_PLAINTEXT"}
	for _, name := range names[1:] {
		protocols = append(protocols, name+":SSL")
	}
	var users strings.Builder
	for _, name := range logins {
		fmt.Fprintf(&users, " user_%s=\"%s\"", name, kafkaPassword)
	}
	listeners := strings.Join(addrs, ",")
	lines := []string{
		"listeners=" + listeners + ",CONTROLLER://127.0.0.1:{1}", "advertised.listeners=" + listeners,
		"listener.security.protocol.map=" + strings.Join(protocols, ","),
		"sasl.enabled.mechanisms=PLAIN",
		"listener.name.login.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required" + users.String() + ";",
		"authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer", "super.users=User:ANONYMOUS",
	}
	for i, file := range []string{right, expired, another} {
		prefix := "listener.name." + strings.ToLower(names[i+1]) + ".ssl."
		lines = append(lines, prefix+"keystore.type=PEM", prefix+"keystore.location="+file, prefix+"client.auth=none")
	}
	return strings.Join(lines, "\n")
}

// TestKafkaRefuses (F72): a wrong password, CA, host or time of a certificate, and rights that are missing, are named as such in the
// /readyz and once in the log of each service that they concern, and by the command; with what is right all goes on.
func TestKafkaRefuses(t *testing.T) {
	right, ca := certificate(t, nil)
	expired, expiredCA := certificate(t, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) })
	another, anotherCA := certificate(t, func(c *x509.Certificate) { c.IPAddresses, c.DNSNames = nil, []string{"kafka.example.com"} })
	a := newApache(t, 1, "", secured(right, expired, another, "writer", "reader", "ungrouped"))
	acl := func(args ...string) {
		a.cli("org.apache.kafka.tools.AclCommand", append([]string{"--add"}, args...)...)
	}
	s := newStackOn(t, a.addrs, "")
	prefix := []string{"--resource-pattern-type", "prefixed", "--topic", s.names.Prefix, "--operation"}
	acl(append(prefix, "write", "--allow-principal", "User:writer", "--allow-principal", "User:ungrouped")...)
	acl(append(prefix, "read", "--allow-principal", "User:reader", "--allow-principal", "User:ungrouped")...)
	acl("--group", "*", "--operation", "read", "--allow-principal", "User:writer", "--allow-principal", "User:reader")

	login := func(user, password string) map[string]string {
		file := s.write("secrets/kafka-"+user+strconv.Itoa(len(password)), password)
		return map[string]string{"BROKERS": a.at(2), "SASL_MECHANISM": "plain", "SASL_USERNAME": user, "SASL_PASSWORD_FILE": file}
	}
	tls := func(listener int, ca string) map[string]string {
		return map[string]string{"BROKERS": a.at(listener), "TLS_CA_FILE": ca}
	}
	all, consumers, ingest := []*process{s.ingest, s.normalizer, s.forwarder}, []*process{s.normalizer, s.forwarder}, []*process{s.ingest}
	for _, c := range []struct {
		name  string
		env   map[string]string
		named []*process
		cause string
		each  int // lines of the log at most: one, or one a group
	}{
		{"wrong password", login("reader", "wrong-"+kafkaPassword), all, "kafka.sasl's username or password is wrong", 1},
		{"wrong CA", tls(3, anotherCA), all, "of no CA that kafka.tls.ca_file has", 1},
		{"expired certificate", tls(4, expiredCA), all, "its certificate is not valid now", 1},
		{"another host's certificate", tls(5, anotherCA), all, "its certificate is for another host", 1},
		{"TLS where there is none", tls(0, ca), all, "TLS", 1},
		{"no TLS where there is some", map[string]string{"BROKERS": a.at(3)}, all, "it hangs up", 1},
		{"may not write", login("reader", kafkaPassword), ingest, "kafka denies writing to topic", 1},
		{"may not read", login("writer", kafkaPassword), consumers, "Topic Authorization Failed", 10},
		{"may use no group", login("ungrouped", kafkaPassword), consumers, "Group Authorization Failed", 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.restartWith(t, c.env)
			began := time.Now()
			for _, p := range c.named {
				addr := s.services()[p]
				eventually(t, time.Minute, p.name+" names it: "+c.cause, func() (bool, string) {
					status, body := get(t, "http://"+addr+"/readyz")
					fates := p != s.forwarder || c.each > 1 || !strings.Contains(body, `"fates.shop":"ok"`)
					return status == http.StatusServiceUnavailable && strings.Contains(body, c.cause) && fates, body
				})
			}
			t.Logf("named after %s", time.Since(began))
			for _, p := range c.named {
				if p != s.ingest {
					eventually(t, time.Minute, p.name+" says so: "+c.cause, func() (bool, string) {
						said := strings.Join(p.complaints(), "")
						return strings.Contains(said, c.cause), said
					})
				}
			}
			<-time.After(5 * time.Second) // in which it is tried again and again
			for _, p := range all {
				lines := p.complaints()
				if len(lines) > c.each {
					t.Errorf("%d lines of %s:\n%s", len(lines), p.name, strings.Join(lines, ""))
				}
				if strings.Contains(p.log.text(), kafkaPassword) {
					t.Errorf("the log of %s tells the password", p.name)
				}
			}
			if c.each > 1 {
				return
			}
			if _, errs, code := run(t, time.Minute, "omnicapi", "trace", "-c", s.config, "nothing"); len(c.named) == len(all) && (code != 1 || !strings.Contains(errs, c.cause)) {
				t.Errorf("trace: exit %d: %s", code, errs)
			}
		})
	}
	t.Run("no rights to make topics", func(t *testing.T) {
		for k, v := range login("reader", kafkaPassword) {
			t.Setenv("OMNICAPI_KAFKA_"+k, v)
		}
		t.Setenv("OMNICAPI_KAFKA_PREFIX", "another.")
		if _, errs, code := run(t, time.Minute, "omnicapi", "topics", "apply", "-c", s.config); code != 1 || !strings.Contains(errs, "denies") && !strings.Contains(errs, "uthorization") {
			t.Errorf("exit %d: %s", code, errs)
		}
	})
	s.restartWith(t, tls(3, ca))
	s.waitReady()
	events, ids := numbered(t, "secured", 20)
	s.take(shopID, events...)
	s.nothingLost(ids)
}

// at is the address of a listener beside the broker's first.
func (a *apache) at(listener int) string { return fmt.Sprint("127.0.0.1:", a.port+listener) }

// restartWith starts the services anew, with an empty log and other ways to Kafka for as long as the test runs.
func (s *stack) restartWith(t *testing.T, kafka map[string]string) {
	t.Helper()
	for k, v := range kafka {
		t.Setenv("OMNICAPI_KAFKA_"+k, v)
	}
	for p := range s.services() {
		p.kill()
		p.log = &logbook{}
		p.start()
	}
}
