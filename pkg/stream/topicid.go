package stream

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"
)

// topicID is what Kafka knows a topic by: one that is deleted and made anew has another. "" is not known.
type topicID string

// topicIDs asks for the ids of topics. One that does not exist has none.
func (c *Client) topicIDs(ctx context.Context, names []string) (map[string]topicID, error) {
	res, err := c.askIDs(ctx, names)
	if err != nil {
		return nil, err
	}
	return res.ids, nil
}

func (c *Client) askIDs(ctx context.Context, names []string) (*idResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	res, err := c.transport.RoundTrip(ctx, c.kafka.Addr, &idRequest{client: c.cfg.ClientID, names: names})
	if err != nil {
		return nil, fmt.Errorf("asking for the ids of topics: %w", err)
	}
	return res.(*idResponse), nil //nolint:forcetypeassert // it answers an idRequest
}

// idRequest is a Metadata request of version 10 (Kafka 2.8, KIP-516). kafka-go knows versions to 8, which have no ids, but lets
// a message write and read itself.
type idRequest struct {
	client string
	names  []string
}

type idResponse struct {
	ids    map[string]topicID
	denied map[string]bool
	may    map[string]operations
}

// operations is what the user may do to a topic, a bit each (KIP-430).
type operations uint32

const (
	read  operations = 1 << 3
	write operations = 1 << 4
	// untold is Kafka's word for no answer, of versions before 2.3.
	untold operations = 1 << 31
)

func (o operations) lack(op operations) bool { return o != untold && o&op == 0 }

const idVersion = 10

// ApiKey implements protocol.Message.
func (*idRequest) ApiKey() protocol.ApiKey { return protocol.Metadata } //nolint:revive // kafka-go's name

// ApiKey implements protocol.Message.
func (*idResponse) ApiKey() protocol.ApiKey { return protocol.Metadata } //nolint:revive // kafka-go's name

// Required implements protocol.RawExchanger.
func (*idRequest) Required(map[protocol.ApiKey]int16) bool { return true }

// RawExchange implements protocol.RawExchanger.
func (r *idRequest) RawExchange(rw io.ReadWriter) (protocol.Message, error) {
	if _, err := rw.Write(r.encode()); err != nil {
		return nil, err
	}
	var length [4]byte
	if _, err := io.ReadFull(rw, length[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(length[:])
	if n > maxIDResponse {
		return nil, errIDResponse
	}
	body := make([]byte, n)
	if _, err := io.ReadFull(rw, body); err != nil {
		return nil, err
	}
	return decodeIDs(body)
}

func (r *idRequest) encode() []byte {
	b := make([]byte, 4, 128)
	b = binary.BigEndian.AppendUint16(b, uint16(protocol.Metadata))
	b = binary.BigEndian.AppendUint16(b, idVersion)
	b = binary.BigEndian.AppendUint32(b, 0) // correlation: a connection carries one request at a time
	b = binary.BigEndian.AppendUint16(b, uint16(len(r.client)))
	b = append(append(b, r.client...), 0) // no tags
	b = binary.AppendUvarint(b, uint64(len(r.names)+1))
	for _, name := range r.names {
		b = append(b, make([]byte, 16)...) // its id is what is asked for
		b = binary.AppendUvarint(b, uint64(len(name)+1))
		b = append(append(b, name...), 0)
	}
	b = append(b, 0, 0, 1, 0) // no creation, authorized operations of topics and not of the cluster, no tags
	binary.BigEndian.PutUint32(b, uint32(len(b)-4))
	return b
}

// maxIDResponse is far above what thousands of brokers and partitions take.
const maxIDResponse = 64 << 20

var errIDResponse = errors.New("kafka's metadata cannot be read")

func decodeIDs(body []byte) (*idResponse, error) {
	d := &idReader{b: body}
	d.skip(4) // correlation
	d.tags()
	d.skip(4) // throttle
	for range d.array() {
		d.skip(4) // node
		d.text()  // host
		d.skip(4) // port
		d.text()  // rack
		d.tags()
	}
	d.text()  // cluster
	d.skip(4) // controller
	res := &idResponse{ids: map[string]topicID{}, denied: map[string]bool{}, may: map[string]operations{}}
	for range d.array() {
		code := kafka.Error(binary.BigEndian.Uint16(d.skip(2)))
		name, id := string(d.text()), d.skip(16)
		d.skip(1) // internal
		for range d.array() {
			d.skip(2 + 4 + 4 + 4) // error, index, leader, leader epoch
			for range 3 {         // replicas, in sync, offline
				d.skip(4 * d.array())
			}
			d.tags()
		}
		may := operations(binary.BigEndian.Uint32(d.skip(4)))
		d.tags()
		switch {
		case d.bad:
		case code == 0:
			res.ids[name], res.may[name] = topicID(hex.EncodeToString(id)), may
		case code == kafka.TopicAuthorizationFailed:
			res.denied[name] = true
		}
	}
	if d.bad {
		return nil, errIDResponse
	}
	return res, nil
}

// idReader reads the fields of a flexible Kafka message (KIP-482); bad: it ended too early.
type idReader struct {
	b   []byte
	bad bool
}

func (d *idReader) skip(n int) []byte {
	if n < 0 || n > len(d.b) {
		d.b, d.bad = nil, true
		return make([]byte, 16)
	}
	field := d.b[:n]
	d.b = d.b[n:]
	return field
}

func (d *idReader) uvarint() int {
	v, n := binary.Uvarint(d.b)
	if n <= 0 || v > maxIDResponse {
		d.b, d.bad = nil, true
		return 0
	}
	d.b = d.b[n:]
	return int(v)
}

// array returns the length of an array. Each element has a byte at least, so a false length ends soon.
func (d *idReader) array() int {
	n := max(0, d.uvarint()-1)
	if n > len(d.b) {
		d.b, d.bad = nil, true
		return 0
	}
	return n
}

func (d *idReader) text() []byte { return d.skip(max(0, d.uvarint()-1)) }

func (d *idReader) tags() {
	for range d.tagged() {
		d.uvarint()
		d.skip(d.uvarint())
	}
}

// tagged is the number of tags, which is not one more as that of elements is.
func (d *idReader) tagged() int { return min(d.uvarint(), len(d.b)) }
