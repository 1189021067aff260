package main

import "github.com/omnicapi/omnicapi/pkg/version"

type versionCommand struct {
	outputFlags
}

func (versionCommand) Help() string {
	return "Examples:\n  omnicapi version\n  omnicapi version --output json"
}

func (c *versionCommand) Run(t terminal) error {
	if c.json() {
		return printJSON(t.stdout, version.Get())
	}
	t.say("%s", named(version.Get()))
	return nil
}

// named returns the line that `version` and `--version` print, in the form in which the services print theirs.
func named(i version.Info) string { return "omnicapi " + i.String() }
