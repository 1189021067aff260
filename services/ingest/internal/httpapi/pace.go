package httpapi

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// How slowly a body may come from a sender who has proven nothing yet: after the grace, in which two lost packets are repeated
// (RFC 6298: after one second and two), it must have come at minSpeed on average.
const (
	grace    = 4 * time.Second
	minSpeed = 16 << 10 // bytes a second, as they come over the network
)

// errEvicted is why a body is not read to its end: its room was given to another.
var errEvicted = errors.New("the room is another's")

// wire reads a body as it arrives, before it is decompressed, and counts it. While its sender is not proven it must not come slowly, and
// it gives way.
type wire struct {
	from  io.Reader
	n     int64
	x     *exchange
	conn  *http.ResponseController // nil: its sender is proven
	start time.Time
	until time.Time // the deadline that is set
}

// watch begins to watch over a body whose sender is not proven.
func (w *wire) watch() {
	w.conn, w.start = http.NewResponseController(w.x.writer), time.Now()
	past := w.start.Add(-time.Hour)
	w.x.api.bodies.read(&w.x.share, func() { _ = w.conn.SetReadDeadline(past) })
}

// Read implements io.Reader.
func (w *wire) Read(p []byte) (int, error) {
	if w.conn != nil && !w.x.api.bodies.unlessEvicted(&w.x.share, w.setDeadline) {
		return 0, errEvicted
	}
	n, err := w.from.Read(p)
	w.n += int64(n)
	if err != nil && w.conn != nil && !w.x.api.bodies.unlessEvicted(&w.x.share, func() {}) {
		err = errEvicted
	}
	return n, err
}

// setDeadline lets the next read wait no longer than the speed allows. It is set anew only once it is a second off.
func (w *wire) setDeadline() {
	due := w.start.Add(min(grace+time.Duration(w.n)*time.Second/minSpeed, readTimeout))
	if due.Sub(w.until) < time.Second {
		return
	}
	w.until = due
	_ = w.conn.SetReadDeadline(due) // what is no connection, as in a test, is not slow
}

// done lets the connection wait as long as any after its body has arrived.
func (w *wire) done() {
	if w.conn == nil {
		return
	}
	w.x.api.bodies.arrived(&w.x.share)
	_ = w.conn.SetReadDeadline(w.start.Add(readTimeout))
}
