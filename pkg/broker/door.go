package broker

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// door listens for clients as long as the Broker runs, over the openings of its kfake: its port is never free for others,
// and who knocks while kfake is being opened waits.
type door struct {
	disk *disk // nil: memory only
	told told  // where clients are sent; "": where it listens
	asks bool  // clients must log in
	once sync.Once
	l    net.Listener
	in   chan net.Conn
	done chan struct{}
	wg   sync.WaitGroup
}

// told is an address that kfake tells clients, who follow it rather than the one that they know.
type told string

// Network implements net.Addr.
func (told) Network() string { return "tcp" }

func (t told) String() string { return string(t) }

func newDoor(d *disk, advertised string) *door {
	return &door{disk: d, told: told(advertised), in: make(chan net.Conn), done: make(chan struct{})}
}

// listen is the function by which kfake listens. The address counts the first time only.
func (d *door) listen(network, address string) (net.Listener, error) {
	if d.l == nil {
		l, err := net.Listen(network, address)
		if err != nil {
			return nil, fmt.Errorf("listening for clients: %w", err)
		}
		d.l = l
		d.wg.Go(d.accept)
	}
	return &doorway{door: d, shut: make(chan struct{})}, nil
}

func (d *door) accept() {
	for {
		c, err := d.l.Accept()
		switch {
		case errors.Is(err, net.ErrClosed):
			return
		case err != nil: // as of too many open files
			select {
			case <-time.After(100 * time.Millisecond):
			case <-d.done:
			}
			continue
		}
		select {
		case d.in <- c:
		case <-d.done:
			_ = c.Close() // it was never served
		}
	}
}

func (d *door) close() {
	d.once.Do(func() {
		close(d.done)
		if d.l != nil {
			_ = d.l.Close() // it ends accept, and nothing is to be flushed
		}
	})
	d.wg.Wait()
}

// doorway is the listener of one kfake.
type doorway struct {
	door *door
	once sync.Once
	shut chan struct{}
}

// Accept implements net.Listener.
func (w *doorway) Accept() (net.Conn, error) {
	select {
	case <-w.shut:
		return nil, net.ErrClosed
	default:
	}
	select {
	case c := <-w.door.in:
		return newConn(c, w.door.disk, w.door.asks), nil
	case <-w.shut:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener; the door stays open.
func (w *doorway) Close() error {
	w.once.Do(func() { close(w.shut) })
	return nil
}

// Addr implements net.Listener: kfake tells it to clients.
func (w *doorway) Addr() net.Addr {
	if w.door.told != "" {
		return w.door.told
	}
	return w.door.l.Addr()
}
