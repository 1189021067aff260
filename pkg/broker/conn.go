package broker

import (
	"encoding/binary"
	"errors"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// unanswered bounds how long kfake is not told that a connection ended while it owes an answer: longer than any client's
// rebalance timeout.
const unanswered = 5 * time.Minute

// maxRequest is Kafka's socket.request.max.bytes.
const maxRequest = 100 << 20

// errNoRequest ends a connection that does not speak Kafka: kfake would allocate whatever length the first bytes of a TLS or
// HTTP request spell, and panic over an API key that it does not know.
var errNoRequest = errors.New("the bytes are no Kafka request")

// conn reports the end of its stream only once every request that it carried is answered. When a client dies while its
// JoinGroup waits for other members, kfake may find the answer undeliverable and then arms no session timer (group.reply):
// the dead member keeps its partitions for ever. Kafka serves a request to its end before it looks at the connection again,
// and so does kfake if it learns of the end no sooner.
type conn struct {
	net.Conn
	disk     *disk // nil: memory only
	frame    frame
	waiting  atomic.Int64 // requests read and not answered
	answered chan struct{}
	once     sync.Once
	closed   chan struct{}

	mu    sync.Mutex
	asked []request // not answered yet, in their order

	logins int // answers that took a step of the login
}

// request is the head of one.
type request struct {
	key, version int16
	id           int32 // which its answer repeats
}

// newConn serves a client; asks: it must log in first.
func newConn(c net.Conn, d *disk, asks bool) *conn {
	served := &conn{Conn: c, disk: d, answered: make(chan struct{}, 1), closed: make(chan struct{})}
	if asks {
		served.frame.guest.Store(true)
		_ = c.SetReadDeadline(time.Now().Add(loginWithin)) // a connection without deadlines has ended
	}
	return served
}

// Read implements net.Conn.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.waiting.Add(c.frame.ends(p[:n]))
	if c.frame.wrong {
		return 0, errNoRequest
	}
	c.ask()
	if err == nil || c.waiting.Load() <= 0 {
		return n, err
	}
	limit := time.NewTimer(unanswered)
	defer limit.Stop()
	for c.waiting.Load() > 0 {
		select {
		case <-c.answered:
		case <-c.closed:
			return n, err
		case <-limit.C:
			return n, err
		}
	}
	return n, err
}

// ask notes the requests whose heads have been read.
func (c *conn) ask() {
	if c.disk != nil && len(c.frame.begun) > 0 {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.asked = append(c.asked, c.frame.begun...)
	}
	c.frame.begun = c.frame.begun[:0]
}

// question returns the request that an answer is for; those before it have none.
func (c *conn) question(answer []byte) request {
	id := int32(binary.BigEndian.Uint32(answer[4:]))
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.IndexFunc(c.asked, func(r request) bool { return r.id == id })
	if i < 0 {
		return request{key: -1}
	}
	r := c.asked[i]
	c.asked = slices.Delete(c.asked, 0, i+1)
	return r
}

// Write implements net.Conn; kfake writes each answer whole.
func (c *conn) Write(p []byte) (int, error) {
	if c.disk != nil {
		to := c.question(p)
		if err := c.disk.answered(to, p); err != nil {
			_ = c.Conn.Close() // err says why
			return 0, err
		}
		if c.frame.guest.Load() {
			c.login(to, p)
		}
	}
	n, err := c.Conn.Write(p)
	c.waiting.Add(-1)
	select {
	case c.answered <- struct{}{}:
	default:
	}
	return n, err
}

// login counts the steps of a login: SCRAM has two, and kfake hangs up on a wrong one.
func (c *conn) login(to request, answer []byte) {
	if to.key != int16(kmsg.SASLAuthenticate) {
		return
	}
	if resp, err := to.read(answer); err != nil || resp.(*kmsg.SASLAuthenticateResponse).ErrorCode != 0 { //nolint:forcetypeassert // of this key
		return
	}
	if c.logins++; c.logins == 2 {
		c.frame.guest.Store(false)
		_ = c.SetReadDeadline(time.Time{}) // as above
	}
}

// Close implements net.Conn.
func (c *conn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Conn.Close()
}

// frame follows Kafka's framing: four bytes of length, then the request, which begins with two of API key, two of version and
// four of correlation id.
type frame struct {
	head  []byte    // of length, key, version and id
	rest  uint32    // of the request after its head
	begun []request // whose heads are whole
	wrong bool      // no Kafka client sends this

	guest atomic.Bool // who sends it has not logged in: kfake reads a request, however large, before it asks who sends it
}

// What a client may ask for before it has logged in, and how long that may take.
const (
	maxGuest    = 64 << 10
	loginWithin = 30 * time.Second
)

var asGuest = []int16{int16(kmsg.ApiVersions), int16(kmsg.SASLHandshake), int16(kmsg.SASLAuthenticate)}

const headBytes = 4 + 2 + 2 + 4

// ends counts the requests that end within p, the stream's next bytes.
func (f *frame) ends(p []byte) (n int64) {
	for len(p) > 0 && !f.wrong {
		if len(f.head) < headBytes {
			k := min(headBytes-len(f.head), len(p))
			f.head, p = append(f.head, p[:k]...), p[k:]
			f.look()
		} else {
			k := min(uint64(f.rest), uint64(len(p)))
			p = p[k:]
			f.rest -= uint32(k)
		}
		if len(f.head) == headBytes && f.rest == 0 {
			f.head = f.head[:0]
			n++
		}
	}
	return n
}

// look checks as much of the head as has been read.
func (f *frame) look() {
	if len(f.head) < 4 {
		return
	}
	size := binary.BigEndian.Uint32(f.head)
	guest := f.guest.Load()
	f.wrong = size < headBytes-4 || size > maxRequest || guest && size > maxGuest
	if len(f.head) < 4+2 || f.wrong {
		return
	}
	key := int16(binary.BigEndian.Uint16(f.head[4:]))
	f.wrong = kmsg.RequestForKey(key) == nil || guest && !slices.Contains(asGuest, key)
	if len(f.head) == headBytes && !f.wrong {
		f.rest = size - (headBytes - 4)
		f.begun = append(f.begun, request{
			key: key, version: int16(binary.BigEndian.Uint16(f.head[6:])), id: int32(binary.BigEndian.Uint32(f.head[8:])),
		})
	}
}
