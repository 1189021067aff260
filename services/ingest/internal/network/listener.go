package network

import (
	"io"
	"net"
	"net/netip"
	"time"
)

// listener hands out the connections that are admitted.
type listener struct {
	net.Listener
	in *Connections
}

// Accept returns the next connection that there is room for.
func (l *listener) Accept() (net.Conn, error) {
	for {
		nc, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		k := &conn{Conn: nc, in: l.in}
		addr := peer(nc)
		k.network, k.counted = Of(addr), !l.in.Exempt.Holds(addr)
		out, refused := l.in.admit(k)
		if out != nil {
			_ = out.Conn.Close()
		}
		if refused == "" {
			return k, nil
		}
		l.in.Refused(refused)
		if l.in.TLS {
			_ = nc.Close()
		} else {
			refuse(nc)
		}
	}
}

// busy is what a client is told whose connection is refused. It is written before the client has asked. One that speaks TLS is told
// nothing: to it words in clear are another protocol, for which many a client gives up, where it repeats when its connection ends.
const busy = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nRetry-After: 1\r\nConnection: close\r\nContent-Length: 21\r\n\r\ntoo many connections\n"

// refuse ends a connection. A new one's buffer has room for the words: nobody waits for the client.
func refuse(nc net.Conn) {
	_ = nc.SetWriteDeadline(time.Now().Add(10 * time.Millisecond))
	_, _ = io.WriteString(nc, busy)
	_ = nc.Close()
}

// peer is the address at the other end.
func peer(nc net.Conn) netip.Addr {
	if nc.RemoteAddr() == nil {
		return netip.Addr{}
	}
	ap, err := netip.ParseAddrPort(nc.RemoteAddr().String())
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap().WithZone("")
}
