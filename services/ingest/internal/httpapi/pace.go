package httpapi

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// How slowly a body may come from a sender who has proven nothing yet: each byte lets it wait a little longer, for the grace at most, in
// which two lost packets are repeated (RFC 6298: after one second and two).
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
	due   time.Time // until when more must come
	until time.Time // the deadline that is set, before due
}

// watch begins to watch over a body whose sender is not proven.
func (w *wire) watch() {
	w.conn, w.start = http.NewResponseController(w.x.writer), time.Now()
	w.due = w.start.Add(grace)
	past := w.start.Add(-time.Hour)
	w.x.api.bodies.read(&w.x.share, func() { _ = w.conn.SetReadDeadline(past) })
}

// Read implements io.Reader.
func (w *wire) Read(p []byte) (int, error) {
	if w.conn == nil {
		n, err := w.from.Read(p)
		w.n += int64(n)
		return n, err
	}
	if w.due.Sub(w.until) >= grace/16 && !w.x.api.bodies.unlessEvicted(&w.x.share, w.setDeadline) {
		return 0, errEvicted
	}
	n, err := w.from.Read(p)
	w.n += int64(n)
	w.due = earlier(w.due.Add(time.Duration(n)*time.Second/minSpeed), time.Now().Add(grace))
	if err != nil && !w.x.api.bodies.unlessEvicted(&w.x.share, func() {}) {
		err = errEvicted
	}
	return n, err
}

// setDeadline lets the next read wait until due. It is set anew only once it is a quarter of a second off.
func (w *wire) setDeadline() {
	w.until = earlier(w.due, w.start.Add(readTimeout))
	_ = w.conn.SetReadDeadline(w.until) // what is no connection, as in a test, is not slow
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// done lets the connection wait as long as any now that its body is here. false: its room was given to another.
func (w *wire) done() bool {
	if w.conn == nil {
		return true
	}
	return w.x.api.bodies.arrived(&w.x.share, func() { _ = w.conn.SetReadDeadline(w.start.Add(readTimeout)) })
}
