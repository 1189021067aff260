package e2e

import (
	"math/rand/v2"
	"time"
)

// ofNetworks are the faults of the network between the services and brokers: those that slow it, and those that cut it for less and
// for more than a session. Their target is the brokers', so that none is killed meanwhile.
func ofNetworks(brokers []killable) (faults []randomFault) {
	for _, b := range brokers {
		if b.network != nil {
			faults = append(faults, ofWire("Kafka", "brokers", b.network)...)
		}
	}
	return faults
}

func ofWire(server, target string, w *wire) []randomFault {
	fault := func(name string, longer time.Duration, put func()) randomFault {
		return randomFault{name, 1, false, func(rng *rand.Rand) act {
			return act{name + " to " + server, target, put, w.heal, upTo(rng, 4*time.Second) + longer}
		}}
	}
	both := []string{requests, answers}
	return []randomFault{
		fault("latency", 0, func() { w.put("latency", map[string]int{"latency": 100, "jitter": 50}, both...) }),
		fault("slices", 0, func() {
			w.put("slicer", map[string]int{"average_size": 200, "size_variation": 50, "delay": 100}, both...)
		}),
		fault("little bandwidth", 0, func() { w.put("bandwidth", map[string]int{"rate": 100}, both...) }),
		fault("resets", 0, func() { w.put("reset_peer", map[string]int{"timeout": 0}, both...) }),
		fault("no way", 0, w.part),
		fault("no answers", 0, func() { w.silence(answers) }),
		fault("no answers for a session", 10*time.Second, func() { w.silence(answers) }),
	}
}
