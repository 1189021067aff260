// Package operation records what an operator does to events, or sees of persons, on the topic audit: before it is done, so that
// nothing is done that is not recorded, and after it. The commands that replay letters or reveal values use it. It refuses to
// record an event id or a value.
package operation

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"strings"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/version"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/letters"
)

// maxFirst is how many letters a record names at most, by where they lie.
const maxFirst = 100

// recordWithin bounds how long a record is waited for, that of the end also when the run was asked to stop.
const recordWithin = 20 * time.Second

// Log is where operations are recorded: Kafka, and the topic's name.
type Log struct {
	Kafka interface {
		// Writable says what is wrong with a topic.
		Writable(ctx context.Context, topics []string) error
	}
	To    stream.Publisher
	Topic string
}

// Do records o, does it, and records how it ended: on how many letters, or keys of persons, it worked, and by which error. Without the first record
// nothing is done.
func (l Log) Do(ctx context.Context, o event.Operation, list []*letters.Letter, do func() (worked int, err error)) error {
	o.ID, o.Phase = event.NewBatchID(), event.Began
	if list != nil { // else it works on something else, and o says on how many
		o.Letters = len(list)
	}
	for _, letter := range list[:min(len(list), maxFirst)] {
		o.First = append(o.First, letter.Position())
	}
	if err := l.record(ctx, o); err != nil {
		return fmt.Errorf("nothing was done, for it cannot be recorded: %w", err)
	}
	worked, failed := do()
	o.Phase, o.Worked, o.Result = event.Ended, worked, resultOf(failed)
	if err := l.record(context.WithoutCancel(ctx), o); err != nil {
		return errors.Join(failed, fmt.Errorf("recording how it ended: %w", err))
	}
	return failed
}

func resultOf(err error) event.Result {
	switch {
	case err == nil:
		return event.Done
	case errors.Is(err, context.Canceled):
		return event.Stopped
	}
	return event.Failed
}

func (l Log) record(ctx context.Context, o event.Operation) error {
	within, cancel := context.WithTimeout(ctx, recordWithin)
	defer cancel()
	if err := l.Kafka.Writable(within, []string{l.Topic}); err != nil {
		return err
	}
	o.At = time.Now()
	rec, err := o.Record(l.Topic)
	if err != nil {
		return err
	}
	if err := l.To.Publish(within, rec); err != nil {
		return fmt.Errorf("writing to topic %s: %w", l.Topic, err)
	}
	return nil
}

// By is an operation of a command by whoever runs this process, as this machine says.
func By(environ []string, command string) event.Operation {
	o := event.Operation{Command: command, UID: strconv.Itoa(os.Geteuid()), Version: version.Get().Version}
	if u, err := user.Current(); err == nil {
		o.User = u.Username
	}
	if host, err := os.Hostname(); err == nil {
		o.Host = host
	}
	for _, entry := range environ {
		if name, ok := strings.CutPrefix(entry, "SUDO_USER="); ok {
			o.SudoUser = name
		}
	}
	return o
}
