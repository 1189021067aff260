package admin

import "github.com/prometheus/client_golang/prometheus"

// readiness is the body of /readyz: every check by name, "ok" or what is wrong.
type readiness struct {
	Ready  bool              `json:"ready"`
	Checks map[string]string `json:"checks"`
}

// stopping is the check that fails while the process stops; it is in /readyz only then.
const stopping = "stopping"

func (s *Server) readiness() readiness {
	r := readiness{Ready: true, Checks: map[string]string{}}
	for _, c := range s.checks {
		r.Checks[c.Name] = "ok"
		if err := c.Fn(); err != nil {
			_, borne := err.(bearable) //nolint:errorlint // a check says it of its own error, not of one within
			r.Ready, r.Checks[c.Name] = r.Ready && borne, err.Error()
		}
	}
	if s.draining.Load() {
		r.Ready, r.Checks[stopping] = false, "the process is stopping"
	}
	return r
}

// readyFigures says in /metrics what /readyz says, without its texts: omnicapi_ready, and omnicapi_ready_check{check} of each
// check. They are asked at the scrape.
type readyFigures struct {
	server       *Server
	ready, check *prometheus.Desc
}

func newReadyFigures(s *Server) *readyFigures {
	return &readyFigures{
		server: s,
		ready:  prometheus.NewDesc("omnicapi_ready", "1: /readyz answers 200; 0: it answers 503.", nil, nil),
		check:  prometheus.NewDesc("omnicapi_ready_check", "1: the check of /readyz holds; 0: /readyz says what is wrong.", []string{"check"}, nil),
	}
}

// Describe implements prometheus.Collector.
func (f *readyFigures) Describe(out chan<- *prometheus.Desc) { out <- f.ready; out <- f.check }

// Collect implements prometheus.Collector.
func (f *readyFigures) Collect(out chan<- prometheus.Metric) {
	r := f.server.readiness()
	out <- prometheus.MustNewConstMetric(f.ready, prometheus.GaugeValue, figure(r.Ready))
	for name, text := range r.Checks {
		out <- prometheus.MustNewConstMetric(f.check, prometheus.GaugeValue, figure(text == "ok"), name)
	}
}

func figure(holds bool) float64 {
	if holds {
		return 1
	}
	return 0
}
