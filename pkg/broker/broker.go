// Package broker is the embedded Kafka (kfake) on disk for `omnicapi up` and `demo`, and for tests. It keeps what was
// accepted over a restart, kill -9 included. It refuses to be a production broker: one node, no replication.
package broker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/omnicapi/omnicapi/pkg/topic"
)

// ErrInUse says that another process runs a broker on the data folder.
var ErrInUse = errors.New("another process runs on this data folder")

// ErrNotRunning says that no process runs a broker on the data folder.
var ErrNotRunning = errors.New("no broker runs on this data folder")

// ErrUnwritable says that the data folder can't be written.
var ErrUnwritable = errors.New("the data folder can't be written")

// ErrOpenToOthers says that others on this machine may enter the data folder.
var ErrOpenToOthers = errors.New("the data folder is open to others")

// trimEvery is how often records are removed that are past their topic's retention, of time or of bytes.
const trimEvery = 5 * time.Minute

// Options of an embedded broker.
type Options struct {
	Dir  string // data folder; "": memory only
	Port int    // 0: the folder's last one, else a free one
	Sync bool   // fsync each batch (up); without it a power cut may lose the last records, kill -9 does not
	Log  *slog.Logger
	// Retention is how many bytes of a partition are kept of topics that do not say it themselves; 0: no bound.
	Retention int64
	// Advertised is the host:port that clients are told to connect to, such as a proxy's; "": where it listens.
	Advertised string
	// Open lets everybody on this machine in, without the folder's password: for tests. In memory there is none.
	Open bool
}

// Broker is a running embedded broker.
type Broker struct {
	options Options
	cluster *kfake.Cluster // nil in memory of one that could not be opened anew
	door    *door
	addr    string

	disk   *disk // nil, as the following: memory only
	folder *folder
	secret string // that clients must know; "": none
	lapsed bool   // a write failed since the cluster was opened
	stop   context.CancelFunc
	ended  chan struct{}
}

// Start runs a broker. A second one on the same Dir is refused with ErrInUse, a Dir that can't be written with ErrUnwritable,
// one that others may enter with ErrOpenToOthers, one whose records can't be read with ErrDamaged. With records on a full disk it
// runs, and Err says why nothing is accepted.
func Start(o Options) (*Broker, error) {
	b := &Broker{options: o}
	if o.Dir == "" {
		b.door = newDoor(nil, o.Advertised)
		if err := b.open(o.Port); err != nil {
			return nil, fmt.Errorf("starting the embedded broker: %w", err)
		}
		b.addr = b.door.l.Addr().String()
		return b, nil
	}
	f, err := claim(o.Dir)
	if err != nil {
		return nil, err
	}
	b.folder, b.disk = f, newDisk(o)
	b.door = newDoor(b.disk, o.Advertised)
	if err := b.begin(); err != nil {
		b.end()
		return nil, errors.Join(err, f.release())
	}
	ctx, cancel := context.WithCancel(context.Background())
	b.stop, b.ended = cancel, make(chan struct{})
	go b.watch(ctx)
	return b, nil
}

// begin opens the cluster on a claimed folder.
func (b *Broker) begin() error {
	if err := b.disk.probe(); err != nil {
		if _, fresh := os.Stat(metaPath(b.disk.kafka())); fresh != nil || !full(err) {
			return unwritable(b.options.Dir, err)
		}
		b.disk.fail(err)
	}
	if !b.options.Open {
		var err error
		if b.secret, err = b.folder.password(); err != nil {
			return unwritable(b.options.Dir, err)
		}
		b.door.asks = true
	}
	port := b.options.Port
	if last := b.folder.lastPort(); port == 0 && last != 0 && free(last) {
		port = last
	}
	if err := b.open(port); err != nil {
		return fmt.Errorf("starting the embedded broker on %s: %w", b.options.Dir, err)
	}
	b.addr = b.door.l.Addr().String()
	if err := b.folder.publish(b.addr); err != nil {
		return unwritable(b.options.Dir, err)
	}
	return nil
}

// open starts kfake with what is on the disk, or in memory.
func (b *Broker) open(port int) error {
	configs := map[string]string{
		"message.max.bytes":      strconv.Itoa(topic.MaxLetterBytes + 4096),
		"log.cleaner.backoff.ms": strconv.FormatInt(trimEvery.Milliseconds(), 10),
	}
	if b.options.Retention > 0 {
		configs["log.retention.bytes"] = strconv.FormatInt(b.options.Retention, 10)
	}
	opts := []kfake.Opt{
		kfake.NumBrokers(1),
		kfake.ListenFn(b.door.listen),
		kfake.BrokerConfigs(configs),
		kfake.Ports(port),
	}
	switch {
	case b.disk != nil: // whose fsync it is: kfake ignores the errors of its own
		if err := mend(b.disk.kafka(), b.disk.log); err != nil {
			return err
		}
		if b.secret != "" {
			login, err := asking(b.disk.kafka(), b.secret)
			if err != nil {
				return err
			}
			opts = append(opts, login...)
		}
		opts = append(opts, kfake.DataDir(b.disk.kafka()), kfake.WithLogger(brokerLog{b.disk.log, b.disk}))
	case b.options.Log != nil:
		opts = append(opts, kfake.WithLogger(brokerLog{log: b.options.Log}))
	}
	c, err := kfake.NewCluster(opts...)
	if err != nil {
		return err
	}
	if b.disk != nil {
		b.disk.guard(c)
	}
	b.cluster = c
	return nil
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

// Err is nil while the broker takes writes; else its text names the data folder and why its disk takes none. It goes on by
// itself.
func (b *Broker) Err() error {
	if b.disk == nil {
		return nil
	}
	return b.disk.Err()
}

// Close stops the broker and keeps its data.
func (b *Broker) Close() error {
	if b.folder == nil {
		b.end()
		return nil
	}
	b.stop()
	<-b.ended
	b.end()
	return b.folder.release()
}

// end closes what is open.
func (b *Broker) end() {
	if b.cluster != nil {
		b.shut()
	}
	b.door.close()
}
