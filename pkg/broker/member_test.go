package broker_test

import (
	"context"
	"net"
	"strconv"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"

	"github.com/omnicapi/omnicapi/pkg/broker"
)

// member speaks the group protocol on a connection of its own, so that it can die at any point of it.
type member struct {
	t    *testing.T
	conn net.Conn
	id   string
	gen  int32
}

func dialMember(t *testing.T, addr string) *member {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() }) // most are closed by then
	return &member{t: t, conn: conn}
}

// send writes a request; receive reads the answer to one.
func (m *member) send(req kmsg.Request) {
	m.t.Helper()
	if _, err := m.conn.Write(kmsg.NewRequestFormatter().AppendRequest(nil, req, 1)); err != nil {
		m.t.Fatal(err)
	}
}

func (m *member) receive(resp kmsg.Response) {
	m.t.Helper()
	if err := m.conn.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		m.t.Fatal(err)
	}
	head := make([]byte, 4)
	read(m.t, m.conn, head)
	body := make([]byte, (&kbin.Reader{Src: head}).Int32())
	read(m.t, m.conn, body)
	if err := resp.ReadFrom(body[4:]); err != nil { // after the correlation id
		m.t.Fatal(err)
	}
}

func read(t *testing.T, conn net.Conn, p []byte) {
	t.Helper()
	for len(p) > 0 {
		n, err := conn.Read(p)
		if err != nil {
			t.Fatal(err)
		}
		p = p[n:]
	}
}

// join sends a JoinGroup as kafka-go does: version 2, whose member waits at once.
func (m *member) join(session time.Duration) {
	m.t.Helper()
	req := kmsg.NewPtrJoinGroupRequest()
	req.Version, req.Group, req.ProtocolType, req.MemberID = 2, "group", "consumer", m.id
	req.SessionTimeoutMillis, req.RebalanceTimeoutMillis = int32(session.Milliseconds()), 30_000
	p := kmsg.NewJoinGroupRequestProtocol()
	p.Name = "range"
	req.Protocols = append(req.Protocols, p)
	m.send(req)
}

func (m *member) joined() *kmsg.JoinGroupResponse {
	m.t.Helper()
	resp := kmsg.NewPtrJoinGroupResponse()
	resp.Version = 2
	m.receive(resp)
	if resp.ErrorCode != 0 {
		m.t.Fatalf("joining: error %d", resp.ErrorCode)
	}
	m.id, m.gen = resp.MemberID, resp.Generation
	return resp
}

func (m *member) sync(members ...kmsg.JoinGroupResponseMember) int16 {
	m.t.Helper()
	req := kmsg.NewPtrSyncGroupRequest()
	req.Group, req.MemberID, req.Generation = "group", m.id, m.gen
	for _, x := range members {
		a := kmsg.NewSyncGroupRequestGroupAssignment()
		a.MemberID, a.MemberAssignment = x.MemberID, []byte("some partitions")
		req.GroupAssignment = append(req.GroupAssignment, a)
	}
	m.send(req)
	resp := kmsg.NewPtrSyncGroupResponse()
	m.receive(resp)
	return resp.ErrorCode
}

func (m *member) heartbeat() int16 {
	m.t.Helper()
	req := kmsg.NewPtrHeartbeatRequest()
	req.Group, req.MemberID, req.Generation = "group", m.id, m.gen
	m.send(req)
	resp := kmsg.NewPtrHeartbeatResponse()
	m.receive(resp)
	return resp.ErrorCode
}

func shortSessions(t *testing.T, addr string, session time.Duration) {
	t.Helper()
	req := kmsg.NewPtrIncrementalAlterConfigsRequest()
	r := kmsg.NewIncrementalAlterConfigsRequestResource()
	r.ResourceType = kmsg.ConfigResourceTypeBroker
	c := kmsg.NewIncrementalAlterConfigsRequestResourceConfig()
	c.Name, c.Value = "group.min.session.timeout.ms", kmsg.StringPtr(strconv.FormatInt(session.Milliseconds(), 10))
	r.Configs = append(r.Configs, c)
	req.Resources = append(req.Resources, r)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	resp, err := req.RequestWith(ctx, client(t, addr))
	if err != nil {
		t.Fatal(err)
	}
	if code := resp.Resources[0].ErrorCode; code != 0 {
		t.Fatalf("altering the broker's config: error %d", code)
	}
}

// TestMembersThatDieWhileJoiningLeave: members are killed, and so are their successors while they wait to join. All of
// them are gone a session later: none keeps partitions that nobody else may have.
func TestMembersThatDieWhileJoiningLeave(t *testing.T) {
	const session, dead = 2 * time.Second, 6 // the first must sync within one
	b, err := broker.Start(broker.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	shortSessions(t, b.Addr(), session)
	first := dialMember(t, b.Addr())
	first.join(session)
	if code := first.sync(first.joined().Members...); code != 0 {
		t.Fatalf("syncing: error %d", code)
	}
	for range dead { // the first's session holds up their join
		m := dialMember(t, b.Addr())
		m.join(session)
		if err := m.conn.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := first.conn.Close(); err != nil {
		t.Fatal(err)
	}
	last := dialMember(t, b.Addr())
	tick := time.NewTicker(session / 10)
	defer tick.Stop()
	for deadline := time.Now().Add(20 * session); ; <-tick.C {
		last.join(10 * session) // kfake may end the session of a member that waits for an answer
		members := last.joined().Members
		if last.sync(members...) != 0 {
			continue // the leader was among the dead
		}
		if len(members) == 1 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d members, of which one is alive, %s after the last death", len(members), 20*session)
		}
		for last.heartbeat() == 0 && time.Now().Before(deadline) {
			<-tick.C
		}
	}
}
