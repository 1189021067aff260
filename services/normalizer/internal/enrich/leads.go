package enrich

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/omnicapi/omnicapi/pkg/backoff"
	"github.com/omnicapi/omnicapi/pkg/capi"
)

// How often the leads of a source are asked for, and how long Leads waits between two tries.
const (
	perSecond   = 10
	burst       = 10
	parallel    = 4                // requests at a time
	setupPause  = time.Minute      // a person must act: all leads of the source wait
	blockPause  = 30 * time.Minute // blocked by policy
	lookEvery   = 2 * time.Second  // at the token's file meanwhile
	missTries   = 6                // until a lead that Graph does not show counts as gone
	doubtTries  = 3                // until a code in no table does
	warnAtTries = 5                // until an outage is worth a line
)

// askPauses are the pauses between two tries to ask for one lead.
var askPauses = backoff.Pauses{Min: time.Second, Max: 5 * time.Minute, Jitter: true}

// The results of a lookup are capi.Classes and these: a closed list, used as metric labels.
const (
	FromCache = "cached"  // known without asking
	Gone      = "gone"    // nothing can be known of the lead
	Expired   = "expired" // not known when its time was over
)

// LeadResults lists all results of a lookup.
var LeadResults = append([]string{FromCache, Gone, Expired}, classNames()...)

func classNames() []string {
	names := make([]string, 0, len(capi.Classes))
	for _, c := range capi.Classes {
		names = append(names, string(c))
	}
	return names
}

// LeadSource is where leads are looked up; LeadGraph is one.
type LeadSource interface {
	// Lead asks once. The answers are nil unless the class is ok.
	Lead(ctx context.Context, lead string) (*Answers, capi.Answer)
	// Credentials changes when the next try may go better.
	Credentials() uint64
}

// Leads looks up the leads of one source, with a cache, a limited rate, and repeated tries. It is safe for concurrent
// use.
type Leads struct {
	from  LeadSource
	log   *slog.Logger
	count func(result string)
	rate  *rate.Limiter
	turns chan struct{}
	cache leadCache

	mu     sync.Mutex
	pause  time.Time // all wait until then, or until seen is another
	seen   uint64    // credentials of the failure that made them wait
	warned bool
	urgent bool // the warning says that a person must act
}

// NewLeads returns the lookups of a source, which ask from. log should name the source; count is called with the result
// of each lookup.
func NewLeads(from LeadSource, log *slog.Logger, count func(result string)) *Leads {
	return &Leads{
		from: from, log: log, count: count,
		rate: rate.NewLimiter(perSecond, burst), turns: make(chan struct{}, parallel),
	}
}

// Known returns the answers of a lead if they are in the cache.
func (l *Leads) Known(lead string) (*Answers, bool) { return l.cache.get(lead, time.Now()) }

// Count counts the result of a lookup that ended without asking.
func (l *Leads) Count(result string) { l.count(result) }

// Ask asks until the answers of a lead are known, or until it is known that there will be none; it returns nil if ctx
// ended first. After a transient error the lead alone waits, with full jitter. A throttle, or an error that a person
// must mend, makes all leads of the source wait.
func (l *Leads) Ask(ctx context.Context, lead string) *Answers {
	for try := 1; ; try++ {
		answers, got := l.once(ctx, lead)
		if answers != nil || ctx.Err() != nil {
			return answers
		}
		if got.Class == capi.Invalid || missing(&got) && try >= missTries || got.Class == capi.Unknown && try >= doubtTries {
			l.count(Gone)
			l.cache.put(lead, none, time.Now())
			return none
		}
		l.warn(&got, try)
		wait := askPauses.After(try) + time.Millisecond
		switch {
		case got.Class == capi.Throttle:
			l.hold(max(got.RetryAfter, wait, askPauses.Min))
		case got.Setup == capi.Blocked:
			l.hold(blockPause)
		case got.Class == capi.Setup && !missing(&got):
			l.hold(setupPause)
		default: // the lead waits alone
			if !backoff.Wait(ctx, max(wait, got.RetryAfter)) {
				return nil
			}
		}
	}
}

// missing says whether Graph does not show the lead: the lead is gone, belongs to another page, or is so new that
// Graph's copies do not have it yet.
func missing(a *capi.Answer) bool { return a.Code == 100 && a.Subcode == 33 }

// once waits for its turn and asks once. It returns the answers, or Meta's answer that says why there are none.
func (l *Leads) once(ctx context.Context, lead string) (*Answers, capi.Answer) {
	select {
	case l.turns <- struct{}{}:
		defer func() { <-l.turns }()
	case <-ctx.Done():
		return nil, capi.Answer{}
	}
	if !l.paused(ctx) || l.rate.Wait(ctx) != nil {
		<-ctx.Done() // Wait ends early where its turn would come too late
		return nil, capi.Answer{}
	}
	if a, ok := l.Known(lead); ok { // of a twin that was asked for meanwhile
		l.count(FromCache)
		return a, capi.Answer{}
	}
	a, got := l.from.Lead(ctx, lead)
	if ctx.Err() != nil && got.Class != capi.OK {
		return nil, got
	}
	l.count(string(got.Class))
	if got.Class != capi.OK {
		return nil, got
	}
	l.cache.put(lead, a, time.Now())
	l.recovered()
	return a, got
}

// hold makes all leads of the source wait.
func (l *Leads) hold(d time.Duration) {
	credentials := l.from.Credentials()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pause, l.seen = time.Now().Add(d), credentials
}

// paused waits until the source's leads need not wait any more, which a changed token ends at once. It returns false if
// ctx ended.
func (l *Leads) paused(ctx context.Context) bool {
	for {
		l.mu.Lock()
		left, seen := time.Until(l.pause), l.seen
		l.mu.Unlock()
		if left <= 0 || seen != l.from.Credentials() {
			return ctx.Err() == nil
		}
		if !backoff.Wait(ctx, min(left, lookEvery)) {
			return false
		}
	}
}

// warn logs once per outage that lookups fail: after several tries, or at once if a person must act, even after a
// warning that did not say so.
func (l *Leads) warn(got *capi.Answer, try int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	urgent := got.Class == capi.Setup && !missing(got)
	if l.urgent || !urgent && (l.warned || try < warnAtTries) {
		return
	}
	l.warned, l.urgent = true, urgent
	l.log.Warn("looking up leads fails, trying again; their events wait until the deadline, then they go without the form's answers",
		"class", got.Class, "setup", got.Setup, "code", got.Detail(), "status", got.Status)
}

func (l *Leads) recovered() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.warned {
		l.warned, l.urgent = false, false
		l.log.Info("looking up leads works again")
	}
}
