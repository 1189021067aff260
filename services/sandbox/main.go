// Command sandbox plays Meta's endpoint for rehearsals; its README.md describes it.
package main

import (
	"os"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/services/sandbox/app"
)

func main() {
	os.Exit(lifecycle.Main("sandbox", config.RoleSandbox, app.Run))
}
