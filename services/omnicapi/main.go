// Command omnicapi runs and inspects the pipeline; `omnicapi --help` lists its commands.
package main

import (
	"context"
	"os"

	"github.com/omnicapi/omnicapi/pkg/lifecycle"
)

func main() {
	os.Exit(run())
}

func run() int {
	ctx, stop := lifecycle.Signals(context.Background())
	defer stop()
	return execute(ctx, os.Args[1:], terminal{called: calledAs(os.Args[0], isFolder), environ: os.Environ(), stdout: os.Stdout, stderr: os.Stderr})
}
