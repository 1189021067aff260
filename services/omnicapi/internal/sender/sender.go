// Package sender posts the rows of files to ingest in requests of bounded size, and goes on where it was stopped. The
// command `send` uses it. It refuses to lose or hide a row: each is acknowledged by ingest or reported by its number.
package sender

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/omnicapi/omnicapi/pkg/backoff"
)

// Bounds of one request, even if ingest allows more: small requests show progress and cost little to repeat.
const (
	maxRequestBytes = 1 << 20
	maxRequestRows  = 1000
)

// Row is one event of a file.
type Row struct {
	Number int    // 1-based, as a spreadsheet shows it
	Last   int    // the last line of the file that belongs to it
	Item   []byte // one line of JSON
	Err    string // why it is not sent; Item is nil then
	Column string // of Err: the column as the file calls it
	Field  string // of Err
	Detail string // of Err
}

// Split reads a file and calls yield for each row, in order, until it returns false.
type Split func(r io.Reader, yield func(Row) bool) error

// Refusal is a row that was not stored, and why: field and reason, no value.
type Refusal struct {
	File   string `json:"file"`
	Row    int    `json:"row"`
	Column string `json:"column,omitempty"`
	Field  string `json:"field,omitempty"`
	Reason string `json:"reason"`
	Detail string `json:"detail,omitempty"`
}

// Result counts the rows of a file, those of earlier runs included.
type Result struct {
	File     string `json:"file"`
	Accepted int    `json:"accepted"`
	Refused  int    `json:"refused"`
	Resumed  int    `json:"resumed_after_row,omitempty"` // the line that an earlier run had come to
	Last     int    `json:"-"`                           // the line that this one came to: all up to it are stored or refused
}

// Sender posts to one source.
type Sender struct {
	Source  string
	URL     string        // of the source at ingest
	Secret  func() string // what the source presents; "": nothing
	MaxBody int           // of ingest
	GiveUp  time.Duration // how long one request is repeated
	Client  *http.Client

	Refused  func(Refusal)                                    // called for each refused row
	Progress func(bytesRead int64)                            // called as the file is read
	Wait     func(ctx context.Context, d time.Duration) error // nil: real time
	Waiting  func(why error, d time.Duration)                 // called before each wait
}

// errStopped ends the reading of a file early; the error that caused it is kept separately.
var errStopped = errors.New("stopped")

// File sends one file. fingerprint identifies the file and the mapping that it is read by: a state with another fingerprint
// is not resumed. After an error the rows that were stored stay stored, and the next call goes on with the row after them.
func (s *Sender) File(ctx context.Context, path string, fingerprint string, r io.Reader, split Split) (Result, error) {
	st, err := loadState(path, s.Source, fingerprint)
	if err != nil {
		return Result{}, err
	}
	res := Result{File: path, Accepted: st.Accepted, Refused: st.Refused, Resumed: st.Last, Last: st.Last}
	b := &batch{limit: min(s.MaxBody, maxRequestBytes)}
	var failed error
	flush := func() bool {
		if len(b.rows) == 0 && b.last <= st.Last {
			return true
		}
		if failed = s.post(ctx, path, b, &res); failed != nil {
			return false
		}
		st.Last, st.Accepted, st.Refused = max(st.Last, b.last), res.Accepted, res.Refused
		res.Last = st.Last
		failed = st.save()
		b.reset()
		return failed == nil
	}
	err = split(&counting{r: r, add: s.Progress}, func(row Row) bool {
		if row.Last <= st.Last {
			return true
		}
		if failed = ctx.Err(); failed != nil {
			return false
		}
		if !b.fits(row) && !flush() {
			return false
		}
		switch {
		case row.Err != "":
			s.refuse(&res, Refusal{File: path, Row: row.Number, Column: row.Column, Field: row.Field, Reason: row.Err, Detail: row.Detail})
		case len(row.Item)+1 > b.limit:
			s.refuse(&res, Refusal{File: path, Row: row.Number, Reason: "oversize"})
		default:
			b.add(row)
		}
		b.last = max(b.last, row.Last)
		return true
	})
	if failed == nil && (err == nil || errors.Is(err, errStopped)) {
		flush()
	}
	switch {
	case failed != nil:
		return res, failed
	case err != nil:
		return res, fmt.Errorf("reading the file: %w", err)
	}
	return res, st.remove()
}

func (s *Sender) refuse(res *Result, r Refusal) {
	res.Refused++
	s.Refused(r)
}

// batch is the rows of one request.
type batch struct {
	limit int
	rows  []Row
	body  bytes.Buffer
	last  int // the last line that it answers for, refused rows included
}

func (b *batch) fits(r Row) bool {
	return len(b.rows) < maxRequestRows && b.body.Len()+len(r.Item)+1 <= b.limit
}

func (b *batch) add(r Row) {
	r.Item = append([]byte(nil), r.Item...)
	b.rows = append(b.rows, r)
	b.body.Write(r.Item)
	b.body.WriteByte('\n')
}

func (b *batch) reset() {
	b.rows = b.rows[:0]
	b.body.Reset()
}

// halves splits a batch whose request is too large for ingest into two.
func (b *batch) halves() [2]*batch {
	var h [2]*batch
	middle := len(b.rows) / 2
	for i, rows := range [][]Row{b.rows[:middle], b.rows[middle:]} {
		h[i] = &batch{limit: b.limit}
		for _, r := range rows {
			h[i].add(r)
		}
	}
	return h
}

// repeats are the pauses before a request is repeated.
var repeats = backoff.Pauses{Min: 500 * time.Millisecond, Max: 30 * time.Second, Jitter: true}

func sleep(ctx context.Context, d time.Duration) error {
	if !backoff.Wait(ctx, d) {
		return ctx.Err()
	}
	return nil
}

// counting is a reader that counts the bytes read and passes the count on.
type counting struct {
	r    io.Reader
	read int64
	add  func(int64)
}

func (c *counting) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.read += int64(n)
	if c.add != nil {
		c.add(c.read)
	}
	return n, err
}
