package format

import (
	"embed"
	"strings"
)

// Folder is the name of a format's folder: the format's without its dots, which a Go package may not have.
func Folder(name string) string { return strings.ReplaceAll(name, ".", "") }

// Samples is what a new configuration shows of each format: FOLDER/sample.yaml, its source, commented.
//
//go:embed */sample.yaml
var Samples embed.FS
