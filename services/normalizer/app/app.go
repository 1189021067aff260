// Package app wires the normalizer.
package app

import (
	"context"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
)

// Run runs the normalizer until ctx ends; it opens its own stream client from cfg.Kafka.
func Run(ctx context.Context, cfg *config.Config, d lifecycle.Deps) error { panic("unbuilt") }
