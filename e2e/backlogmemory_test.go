package e2e

import (
	"bufio"
	"strconv"
	"strings"
	"time"
)

// memory is what a process took over time.
type memory struct {
	name    string
	samples []sample
	done    chan struct{}
}

// lookEvery is how often figures are read: reading them takes time from what is measured.
func lookEvery() time.Duration {
	if *backlogEvents > 200_000 {
		return 2 * time.Second
	}
	return 200 * time.Millisecond
}

type sample struct{ events, bytes int }

// watch samples the resident memory of a process, with how many events have been dealt with by then, until the report.
func (s *backlogStack) watch(admin, name string, events func() int) []*memory {
	m := &memory{name: name, done: make(chan struct{})}
	stopped := s.stopped
	go func() {
		defer close(m.done)
		tick := time.NewTicker(lookEvery())
		defer tick.Stop()
		for {
			_, text := get(s.t, "http://"+admin+"/metrics")
			for _, v := range figures(text, "process_resident_memory_bytes") {
				m.samples = append(m.samples, sample{events(), int(v)})
			}
			select {
			case <-tick.C:
			case <-stopped:
				if len(m.samples) == 0 {
					m.samples = append(m.samples, sample{})
				}
				return
			}
		}
	}()
	return []*memory{m}
}

// at is what the process took when that many events had been dealt with.
func (m *memory) at(events int) int {
	for _, s := range m.samples {
		if s.events >= events {
			return s.bytes
		}
	}
	return m.samples[len(m.samples)-1].bytes
}

// figures are the series of a metric, and their values.
func figures(text, name string) map[string]float64 {
	all := map[string]float64{}
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		rest, ok := strings.CutPrefix(lines.Text(), name)
		if !ok || rest[0] != '{' && rest[0] != ' ' {
			continue
		}
		if i := strings.LastIndexByte(rest, ' '); i >= 0 {
			if v, err := strconv.ParseFloat(rest[i+1:], 64); err == nil {
				all[rest[:i]] = v
			}
		}
	}
	return all
}
