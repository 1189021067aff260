// Package broker is the embedded Kafka (kfake) on disk for `omnicapi up` and `demo`, and for tests. It keeps what was
// accepted over a restart, kill -9 included. It refuses to be a production broker: one node, no replication.
package broker

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strconv"

	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/omnicapi/omnicapi/pkg/topic"
)

// ErrInUse says that another process runs a broker on the data folder.
var ErrInUse = errors.New("another process runs on this data folder")

// ErrNotRunning says that no process runs a broker on the data folder.
var ErrNotRunning = errors.New("no broker runs on this data folder")

// Options of an embedded broker.
type Options struct {
	Dir  string // data folder; "": memory only
	Port int    // 0: the folder's last one, else a free one
	Sync bool   // fsync each batch (up); without it a power cut may lose the last records, kill -9 does not
	Log  *slog.Logger
}

// Broker is a running embedded broker.
type Broker struct {
	cluster *kfake.Cluster
	folder  *folder
	addr    string
}

// Start runs a broker. A second one on the same Dir is refused with ErrInUse.
func Start(o Options) (*Broker, error) {
	if o.Dir == "" {
		c, err := kfake.NewCluster(options(o, o.Port)...)
		if err != nil {
			return nil, fmt.Errorf("starting the embedded broker: %w", err)
		}
		return &Broker{cluster: c, addr: c.ListenAddrs()[0]}, nil
	}
	f, err := claim(o.Dir)
	if err != nil {
		return nil, err
	}
	port := o.Port
	if port == 0 {
		port = f.lastPort()
	}
	if port != 0 && o.Port == 0 && !free(port) {
		port = 0
	}
	c, err := kfake.NewCluster(append(options(o, port), kfake.DataDir(filepath.Join(o.Dir, "kafka")))...)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("starting the embedded broker on %s: %w", o.Dir, err), f.release())
	}
	b := &Broker{cluster: c, folder: f, addr: c.ListenAddrs()[0]}
	if err := f.publish(b.addr); err != nil {
		c.Close()
		return nil, errors.Join(err, f.release())
	}
	return b, nil
}

func options(o Options, port int) []kfake.Opt {
	opts := []kfake.Opt{
		kfake.NumBrokers(1),
		kfake.ListenFn(listen),
		kfake.BrokerConfigs(map[string]string{"message.max.bytes": strconv.Itoa(topic.MaxRecordBytes + 4096)}),
	}
	if port != 0 {
		opts = append(opts, kfake.Ports(port))
	}
	if o.Sync {
		opts = append(opts, kfake.SyncWrites())
	}
	if o.Log != nil {
		opts = append(opts, kfake.WithLogger(brokerLog{o.Log}))
	}
	return opts
}

// free says whether the port can be listened on: the folder's last one may be somebody else's by now.
func free(port int) bool {
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return false
	}
	return l.Close() == nil
}

// Addr is host:port.
func (b *Broker) Addr() string { return b.addr }

// Close stops the broker and keeps its data.
func (b *Broker) Close() error {
	b.cluster.Close()
	if b.folder == nil {
		return nil
	}
	return b.folder.release()
}

// brokerLog passes what an operator should see: kfake's warnings and errors.
type brokerLog struct{ log *slog.Logger }

func (l brokerLog) Logf(level kfake.LogLevel, format string, args ...any) {
	switch level {
	case kfake.LogLevelError:
		l.log.Error("embedded broker", "message", fmt.Sprintf(format, args...))
	case kfake.LogLevelWarn:
		l.log.Warn("embedded broker", "message", fmt.Sprintf(format, args...))
	}
}
