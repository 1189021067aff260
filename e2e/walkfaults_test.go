package e2e

import (
	"fmt"
	"math/rand/v2"
	"syscall"
	"time"
)

// ofProcesses are the faults of processes: any of them, all of a service, all at once.
func ofProcesses(ps []*process) []randomFault {
	pick := func(rng *rand.Rand) *process { return ps[rng.IntN(len(ps))] }
	return []randomFault{
		{"kill -9", 6, true, func(rng *rand.Rand) act {
			p := pick(rng)
			return act{"kill -9 " + p.label(), p.label(), p.kill, p.start, upTo(rng, 3*time.Second)}
		}},
		{"SIGTERM", 4, true, func(rng *rand.Rand) act {
			p := pick(rng)
			return act{"SIGTERM " + p.label(), p.label(), func() { p.terminate(stopWithin) }, p.start, upTo(rng, 2*time.Second)}
		}},
		{"kill -9 of all", 1, true, func(rng *rand.Rand) act {
			start, kill := func() { each(ps, (*process).start) }, func() { each(ps, (*process).kill) }
			return act{"kill -9 of all processes", everything, kill, start, upTo(rng, 2*time.Second)}
		}},
		{"SIGSTOP", 3, false, func(rng *rand.Rand) act { // shorter and longer than a session
			p := pick(rng)
			held := upTo(rng, 5*time.Second)
			if rng.IntN(3) == 0 {
				held += 10 * time.Second
			}
			return act{"SIGSTOP " + p.label(), p.label(), func() { p.signal(syscall.SIGSTOP) }, func() { p.signal(syscall.SIGCONT) }, held}
		}},
	}
}

// stopWithin is how long a process may take to end by SIGTERM: it drains for 8 s at most, and the machine does other things.
const stopWithin = 20 * time.Second

func each(ps []*process, do func(*process)) {
	for _, p := range ps {
		do(p)
	}
}

// ofBrokers are the faults of brokers: of a quorum one at a time, which leaves it one, and now and then two.
func ofBrokers(brokers []killable) []randomFault {
	faults := []randomFault{{"kill broker", 4, true, func(rng *rand.Rand) act {
		b := brokers[rng.IntN(len(brokers))]
		return act{"kill -9 " + b.name, "brokers", b.kill, b.start, upTo(rng, 4*time.Second)}
	}}}
	if len(brokers) >= 3 {
		faults = append(faults, randomFault{"kill brokers", 1, false, func(rng *rand.Rand) act {
			i := rng.IntN(len(brokers))
			a, b := brokers[i], brokers[(i+1)%len(brokers)]
			return act{
				"kill -9 " + a.name + " and " + b.name + " (no quorum)", "brokers", func() { a.kill(); b.kill() }, func() { b.start(); a.start() },
				upTo(rng, 5*time.Second),
			}
		}})
	}
	return faults
}

// ofMeta are the faults of Meta's: for a while each POST, or half of them, is answered so.
func ofMeta(tr *traffic) []randomFault {
	answers := []struct{ what, rule string }{
		{"500", `"status":500,"error":{"code":2,"is_transient":true}`},
		{"503 in HTML", `"status":503,"body":"<html>no</html>"`},
		{"throttled", `"status":400,"error":{"code":4}`},
		{"429, Retry-After 1", `"status":429,"headers":{"Retry-After":"1"},"error":{"code":80004}`},
		{"hangs", `"hang":true`},
		{"resets", `"reset":true`},
		{"slow", ""},
		{"200 without JSON", `"status":200,"body":"ok"`},
	}
	return []randomFault{
		{"Meta", 4, false, func(rng *rand.Rand) act {
			a := answers[rng.IntN(len(answers))]
			chance := []string{"0.5", "1"}[rng.IntN(2)]
			rule := `{` + a.rule + `,"probability":` + chance + `}`
			if a.what == "slow" {
				rule = slowly("1s", chance)
			}
			held := time.Second + upTo(rng, 3*time.Second)
			return act{fmt.Sprintf("Meta: %s (%s)", a.what, chance), "Meta", func() { tr.meta(rule) }, func() { tr.meta() }, held}
		}},
		{"token", 1, false, func(rng *rand.Rand) act {
			set := func(token string) func() { return func() { tr.s.write("secrets/shop.token", token) } }
			return act{"wrong token of shop", "token", set("wrong-token"), set(shopToken), 2*time.Second + upTo(rng, 3*time.Second)}
		}},
	}
}

// ofLink are the faults of a network between two that talk over a link.
func ofLink(between string, k *link) []randomFault {
	return []randomFault{
		{"cut", 1, false, func(rng *rand.Rand) act {
			return act{"cut between " + between, between, func() { k.setCut(true) }, func() { k.setCut(false) }, upTo(rng, 3*time.Second)}
		}},
		{"silence", 1, false, func(rng *rand.Rand) act {
			return act{"silence between " + between, between, func() { k.setSilent(true) }, func() { k.setSilent(false) }, upTo(rng, 5*time.Second)}
		}},
	}
}
