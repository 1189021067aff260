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

// named is the line of version and --version, as the services print it.
func named(i version.Info) string { return "omnicapi " + i.String() }
