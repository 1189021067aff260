// Package broker is the embedded Kafka (kfake) on disk for `omnicapi up` and `demo`, and for tests. It keeps what was
// accepted over a restart, kill -9 included. It refuses to be a production broker: one node, no replication.
package broker

import "log/slog"

// THIS FILE IS THE AGREED API; the owner of pkg/broker completes it.

// Options of an embedded broker.
type Options struct {
	Dir  string // data folder; "": memory only
	Port int    // 0: a free one, kept in Dir over restarts
	Sync bool   // fsync each batch (up); without it a power cut may lose the last records
	Log  *slog.Logger
}

// Broker is a running embedded broker.
type Broker struct{}

// Start runs it. A second one on the same Dir is refused: ErrInUse.
func Start(o Options) (*Broker, error) { panic("unbuilt") }

// Addr is host:port.
func (b *Broker) Addr() string { panic("unbuilt") }

// Close stops it and keeps its data.
func (b *Broker) Close() { panic("unbuilt") }

// AddrIn returns the address of the broker that runs on a data folder, for other commands.
func AddrIn(dir string) (string, error) { panic("unbuilt") }
