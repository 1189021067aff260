// Command ledger keeps what became of every event: see its README.md.
package main

import (
	"os"

	"github.com/omnicapi/omnicapi/pkg/config"
	"github.com/omnicapi/omnicapi/pkg/lifecycle"
	"github.com/omnicapi/omnicapi/services/ledger/app"
)

func main() {
	os.Exit(lifecycle.Main("ledger", config.RoleLedger, app.Run))
}
