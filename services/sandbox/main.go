// Command sandbox: see its README.md.
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
