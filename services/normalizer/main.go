// Command normalizer turns raw events into signals: see its README.md.
package main

import (
	"os"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/services/normalizer/app"
)

func main() {
	os.Exit(lifecycle.Main("normalizer", config.RoleNormalizer, app.Run, config.CheckMappings))
}
