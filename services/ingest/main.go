// Command ingest receives what every channel sends and stores it on Kafka: see its README.md.
package main

import (
	"os"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/services/ingest/app"
)

func main() {
	os.Exit(lifecycle.Main("ingest", config.RoleIngest, app.Run, config.CheckMappings))
}
