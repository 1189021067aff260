package app

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/omnicapi/omnicapi/pkg/config"
)

// kafkaWrites is what readiness hears of writes.
type kafkaWrites struct {
	good, bad, written time.Time
	pending            int64
}

func (k *kafkaWrites) LastGood() time.Time    { return k.good }
func (k *kafkaWrites) LastBad() time.Time     { return k.bad }
func (k *kafkaWrites) LastWritten() time.Time { return k.written }
func (k *kafkaWrites) Pending() int64         { return k.pending }

// TestNoFlapping: while no write succeeds ingest is not ready, however often the topics are there to see; it is again as soon as
// one succeeds, a sender's or one that the producer still tries, or when none was tried for a while.
func TestNoFlapping(t *testing.T) {
	for name, end := range map[string]func(*kafkaWrites){
		"a request is stored":         func(k *kafkaWrites) { k.good = time.Now() },
		"the producer gets one off":   func(k *kafkaWrites) { k.written = time.Now() },
		"nobody tries any more":       func(k *kafkaWrites) { k.pending = 0; <-time.After(unproven) },
		"stored, and another is late": func(k *kafkaWrites) { k.good = time.Now(); k.pending = 9 },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				k := &kafkaWrites{good: time.Now()}
				r := &readiness{check: func(context.Context) error { return nil }, acceptor: k, producer: k}
				r.update(t.Context())
				if err := r.Err(); err != nil {
					t.Fatal(err)
				}
				<-time.After(time.Second)
				k.bad, k.pending = time.Now(), 1
				for range 100 {
					r.update(t.Context())
					if r.Err() == nil {
						t.Fatal("ready without a write")
					}
					<-time.After(checkEvery)
				}
				end(k)
				r.update(t.Context())
				if err := r.Err(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// TestOldChecksProveNothing: before Kafka has answered, and when it has not for a while, ingest is not ready; nor when the topics are
// not there.
func TestOldChecksProveNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var missing error
		r := newReadiness(nil, &config.Config{}, &kafkaWrites{}, &kafkaWrites{})
		r.check = func(context.Context) error { return missing }
		if r.Err() == nil {
			t.Error("ready before Kafka has answered")
		}
		r.update(t.Context())
		if err := r.Err(); err != nil {
			t.Error(err)
		}
		<-time.After(maxAge + time.Second)
		if r.Err() == nil {
			t.Error("ready by an old check")
		}
		missing = errors.New("topic is missing")
		if r.update(t.Context()); !errors.Is(r.Err(), missing) {
			t.Error(r.Err())
		}
	})
}
