package format

import "strings"

// Folder is the name of a format's folder: the format's without its dots, which a Go package may not have.
func Folder(name string) string { return strings.ReplaceAll(name, ".", "") }
