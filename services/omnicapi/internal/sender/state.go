package sender

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/omnicapi/omnicapi/services/omnicapi/internal/newfile"
)

// state is how far a file has been sent. It lies beside the file while it is being sent, and is removed at its end. It
// holds numbers only.
type state struct {
	Source      string `json:"source"`
	Fingerprint string `json:"fingerprint"` // of the file and its mapping
	Last        int    `json:"last"`        // every line up to this one is stored or refused
	Accepted    int    `json:"accepted"`
	Refused     int    `json:"refused"`

	path string
}

// StatePath is where the state of a file lies.
func StatePath(file string) string { return file + ".omnicapi-send" }

// loadState reads the state of an earlier run. If there is none, or it is of another source or fingerprint, the state is a
// new one.
func loadState(file, source, fingerprint string) (*state, error) {
	fresh := &state{Source: source, Fingerprint: fingerprint, path: StatePath(file)}
	data, err := os.ReadFile(fresh.path)
	if errors.Is(err, fs.ErrNotExist) {
		return fresh, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading how far an earlier run came: %w", err)
	}
	old := state{path: fresh.path}
	if json.Unmarshal(data, &old) != nil || old.Source != source || old.Fingerprint != fingerprint || old.Last < 0 {
		return fresh, nil //nolint:nilerr // a state file of something else, or half written: begin anew
	}
	return &old, nil
}

func (s *state) save() error {
	data, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("noting how far the file is sent: %w", err)
	}
	if err := newfile.Write(s.path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err //nolint:wrapcheck // below
	}); err != nil {
		return fmt.Errorf("noting how far the file is sent: %w", err)
	}
	return nil
}

func (s *state) remove() error {
	if err := os.Remove(s.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing the note of how far the file was sent: %w", err)
	}
	return nil
}
