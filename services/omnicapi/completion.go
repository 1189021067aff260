package main

import (
	_ "embed"
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

// The scripts ask the command itself what may follow: completeCommand.
var (
	//go:embed completion/omnicapi.bash
	bashScript string
	//go:embed completion/omnicapi.zsh
	zshScript string
	//go:embed completion/omnicapi.fish
	fishScript string
)

type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"${enum}."`
}

func (completionCommand) Help() string {
	return `It prints a script that makes the shell complete commands, flags, formats, reasons, channels, and the sources and datasets
of the configuration.

Examples:
  source <(omnicapi completion bash)     # in ~/.bashrc
  source <(omnicapi completion zsh)      # in ~/.zshrc, below compinit
  omnicapi completion fish | source      # in ~/.config/fish/config.fish`
}

func (c *completionCommand) Run(t terminal) error {
	script := map[string]string{"bash": bashScript, "zsh": zshScript, "fish": fishScript}[c.Shell]
	return written(io.WriteString(t.stdout, script))
}

// completeCommand is what the scripts call: it prints each word that the shell may offer on a line, with a tab and its
// meaning behind it. If the last line is fileMark, the shell offers names of files too.
type completeCommand struct {
	Words []string `arg:"" optional:"" help:"The words after the command's name, the last as far as it is typed."`
}

func (completeCommand) Help() string { return "Example:\n  omnicapi complete -- send --format sh" }

// fileMark is the line by which completeCommand tells the shell to offer names of files.
const fileMark = ":files"

func (c *completeCommand) Run(t terminal, k *kong.Kong) error {
	found := complete(k.Model.Node, c.Words, t.environ)
	var b strings.Builder
	for _, w := range found.words {
		b.WriteString(w.text)
		if w.help != "" {
			b.WriteString("\t" + w.help)
		}
		b.WriteByte('\n')
	}
	if found.files {
		b.WriteString(fileMark + "\n")
	}
	return written(io.WriteString(t.stdout, b.String()))
}

// written wraps the error of writing to the shell.
func written(_ int, err error) error {
	if err != nil {
		return fmt.Errorf("writing for the shell: %w", err)
	}
	return nil
}
