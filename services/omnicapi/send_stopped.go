package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/mapfile"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/sender"
)

// lookForFiles fails before anything is sent if a file is not there.
func (c *sendCommand) lookForFiles() error {
	for _, file := range c.Files {
		if _, err := os.Stat(file); err != nil {
			return fmt.Errorf("%s: %w: nothing is sent; type the path of a file that is there", file, cause(err))
		}
	}
	return nil
}

// cause is an error of the file system without its path, which the message names already.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// stopped is the error of a run that ended in the file of an index: it says what is stored, and what to type to go on.
// It does not wrap the error, so that a stop by ^C is told too.
func (c *sendCommand) stopped(t terminal, file int, res sender.Result, err error) error {
	name := c.Files[file]
	why := err.Error()
	if errors.Is(err, context.Canceled) {
		why = "stopped"
	}
	stored := fmt.Sprintf("%d of its events are stored", res.Accepted)
	if res.Last > 0 {
		stored += fmt.Sprintf(" and %d rows refused, up to row %d", res.Refused, res.Last)
	}
	if file > 0 {
		stored += fmt.Sprintf("; the %d files before it are whole", file)
	}
	next := "to go on"
	if res.Last > 0 {
		next = "to go on behind row " + strconv.Itoa(res.Last)
	}
	var wrong *mapfile.CellError
	if errors.As(err, &wrong) {
		next = "when the file is mended (rows sent again are the same events)"
	}
	return fmt.Errorf("%s: %s\n%s\n%s, type: %s", name, why, stored, next, c.again(t, file))
}

// again is the command line that sends the files from an index on.
func (c *sendCommand) again(t terminal, file int) string {
	words := []string{c.hint(t, "send"), "--source", quoted(c.Source)}
	if c.To != "" {
		words = append(words, "--to", quoted(c.To))
	}
	if c.SecretFile != "" {
		words = append(words, "--secret-file", quoted(c.SecretFile))
	}
	if u, err := url.Parse(c.Proxy); err == nil && c.Proxy != "" {
		words = append(words, "--proxy", quoted(u.Redacted()))
	}
	for _, f := range c.Files[file:] {
		words = append(words, quoted(f))
	}
	return strings.Join(words, " ")
}
