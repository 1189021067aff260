// Command cmd writes the table of package phone. It is run by go generate.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/omnicapi/omnicapi/pkg/phone/internal/phonegen"
)

func main() {
	out := flag.String("o", "table_gen.go", "file to write")
	flag.Parse()
	if err := write(*out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write(path string) error {
	source, err := phonegen.Generate()
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, source, 0o644); err != nil {
		return fmt.Errorf("writing the phone table: %w", err)
	}
	return nil
}
