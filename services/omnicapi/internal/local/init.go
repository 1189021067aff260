package local

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/all"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// Init writes a commented configuration to file, and beside it the secret files that it names and that are missing. It
// returns what it wrote; an existing file is fs.ErrExist.
func Init(file string) (wrote []string, err error) {
	text, err := commented()
	if err != nil {
		return nil, fmt.Errorf("reading the commented configuration: %w", err)
	}
	if err := writeNew(file, text); err != nil {
		return nil, err
	}
	wrote = append(wrote, file)
	for _, name := range []string{"secrets/website.key", "secrets/shop.token"} {
		err := writeSecret(filepath.Join(filepath.Dir(file), name))
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return wrote, err
		}
		wrote = append(wrote, filepath.Join(filepath.Dir(file), name))
	}
	return wrote, nil
}

// formatsMark is the line of init.yaml that is replaced by the formats' sample sources.
const formatsMark = "  # $FORMATS\n"

// commented returns init.yaml with a commented-out sample source of each format that it has none of, sorted by channel.
func commented() ([]byte, error) {
	text, err := sample.ReadFile("sample/init.yaml")
	if err != nil {
		return nil, err
	}
	of := map[string][]byte{}
	for _, f := range all.Formats {
		source, err := format.Samples.ReadFile(path.Join(format.Folder(f.Name), "sample.yaml"))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		named := sampleChannel.FindSubmatch(source)
		if named == nil {
			return nil, fmt.Errorf("the sample of %s names no channel", f.Name)
		}
		channel := string(named[1])
		for line := range bytes.Lines(source) {
			of[channel] = append(append(of[channel], "  # "...), line...)
		}
	}
	var groups [][]byte
	for _, c := range topic.Channels {
		if len(of[c]) > 0 {
			groups = append(groups, of[c])
		}
	}
	return bytes.Replace(text, []byte(formatsMark), bytes.Join(groups, []byte("\n")), 1), nil
}

// sampleChannel finds the channel that a sample's source names.
var sampleChannel = regexp.MustCompile(`\bchannel: ([a-z]+)`)
