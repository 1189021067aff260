package httpapi

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/recorded"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/ingest/internal/taken"
)

// TestSentAgain (T4): a signed request that somebody recorded and sends again an hour later is answered as before and not
// stored. A sender's own retry is, and what Kafka did not take was not taken.
func TestSentAgain(t *testing.T) {
	cases, err := recorded.Cases()
	if err != nil {
		t.Fatal(err)
	}
	tried := map[string]bool{}
	for _, c := range cases {
		if tried[c.Format] || all.Named(c.Format).Signature == nil {
			continue
		}
		now := arrival
		f := newFixture(t, func(o *Options) { o.Now = func() time.Time { return now } }, recordedSources(t)...)
		send := func() effect {
			r, err := c.Request()
			if err == nil {
				err = r.Sign(now) // the same bytes, but for schemes that sign the time: there only its sender can
			}
			if err != nil {
				t.Fatal(err)
			}
			return f.send(t, r)
		}
		f.kafka.publish = func(context.Context, []stream.Record) error { return errors.New("broken") }
		if send().status != 503 {
			continue // it brings no event
		}
		tried[c.Format] = true
		f.kafka.publish = nil
		now = now.Add(2 * taken.Late)
		first := send()
		if first.status/100 != 2 || first.stored == 0 {
			t.Errorf("%s: %d, %d stored, though it was never before", c.Format, first.status, first.stored)
		}
		if retry := send(); retry.status != first.status || retry.stored != first.stored {
			t.Errorf("%s: a retry is answered %d, %d stored", c.Format, retry.status, retry.stored)
		}
		now = now.Add(taken.Late)
		if again := send(); again.status != first.status || again.body != first.body || again.stored != 0 {
			t.Errorf("%s: an hour later it is answered %d, %d stored: %s", c.Format, again.status, again.stored, again.body)
		}
		if !strings.Contains(gather(t, f.reg), `name:"result" value:"repeated"`) {
			t.Errorf("%s: there is no count of it", c.Format)
		}
	}
	if len(tried) < 6 {
		t.Errorf("tried only %v", tried)
	}
}
