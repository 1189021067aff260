package recorded

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"time"
)

// movedGzip returns a compressed text with every recorded time moved.
func movedGzip(body []byte, by time.Duration) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return body, nil //nolint:nilerr // a recorded body that is no gzip is sent as it is
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("moving a compressed body: %w", err)
	}
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(Moved(text, by)) // to memory
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("moving a compressed body: %w", err)
	}
	return out.Bytes(), nil
}
