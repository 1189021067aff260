package broker

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// thereEvery is how often a quiet broker looks for its folder.
const thereEvery = time.Second

// watch opens the broker anew after a write has failed, once the disk takes writes again: until then what kfake remembers is
// not what the disk holds.
func (b *Broker) watch(ctx context.Context) {
	defer close(b.ended)
	tick := time.NewTicker(thereEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			b.lapsed = b.lapsed || b.disk.Err() != nil
			return
		case <-tick.C:
			if err := b.disk.there(); err != nil {
				b.disk.fail(err)
			}
		case <-b.disk.failed:
			b.lapsed = true
			b.recover(ctx)
		}
	}
}

// recover returns when the broker takes writes again or ctx ends.
func (b *Broker) recover(ctx context.Context) {
	said := ""
	for b.disk.Err() != nil {
		pause := time.NewTimer(b.disk.pause())
		select {
		case <-ctx.Done():
			pause.Stop()
			return
		case <-pause.C:
		}
		if b.disk.there() != nil || b.disk.probe() != nil {
			continue
		}
		if err := b.reopen(); err != nil && err.Error() != said {
			said = err.Error()
			b.disk.log.Error("the broker can't be opened anew", "folder", b.disk.dir, "error", err)
		}
	}
}

// reopen closes kfake and starts it with what the disk has. Clients come back to the same address.
func (b *Broker) reopen() error {
	if b.cluster != nil {
		b.shut()
	}
	if err := b.open(0); err != nil {
		return err
	}
	b.disk.reopened()
	return nil
}

// shut closes kfake. If a write failed, it counts batches as written that are not: what it knows of the producers' sequences
// is forgotten, and they send again what was refused.
func (b *Broker) shut() {
	b.cluster.Close()
	b.cluster = nil
	if b.disk == nil || !b.lapsed && b.disk.Err() == nil {
		return
	}
	b.lapsed = false
	if err := os.Remove(sequencesPath(b.disk.kafka())); err != nil && !errors.Is(err, fs.ErrNotExist) {
		b.disk.fail(fmt.Errorf("forgetting the producers' sequences: %w", err))
	}
}
