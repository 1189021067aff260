package admin

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/omnicapi/omnicapi/pkg/version"
)

// NewRegistry returns a registry with the Go and process collectors, omnicapi_build_info and omnicapi_config_info{hash}.
func NewRegistry(configHash string) *prometheus.Registry {
	reg := prometheus.NewRegistry()
	build := version.Get()
	reg.MustRegister(
		fact("omnicapi_build_info", "1; the labels say which build this process is.",
			prometheus.Labels{"version": build.Version, "commit": build.Commit, "go": build.Go}),
		fact("omnicapi_config_info", "1; the hash is of the effective configuration, secrets left out.",
			prometheus.Labels{"hash": configHash}),
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return reg
}

// fact returns a metric that tells a fact by its labels; its value is always 1.
func fact(name, help string, labels prometheus.Labels) prometheus.Gauge {
	g := prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels})
	g.Set(1)
	return g
}

// UnusableSecrets registers how many of a process's secret files cannot be used, and returns what sets it.
func UnusableSecrets(reg prometheus.Registerer) func(n int) {
	gauge := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "omnicapi_unusable_secrets",
		Help: "Secret files that are gone, empty or broken since the start; the log names them.",
	})
	reg.MustRegister(gauge)
	return func(n int) { gauge.Set(float64(n)) }
}
