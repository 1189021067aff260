// Command forwarder: see its README.md.
package main

import (
	"os"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/services/forwarder/app"
)

func main() {
	os.Exit(lifecycle.Main("forwarder", config.RoleForwarder, app.Run))
}
