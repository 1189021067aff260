package recorded

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"time"
)

// movedWorkbook returns a spreadsheet with every recorded time in its parts moved.
func movedWorkbook(body []byte, by time.Duration) ([]byte, error) {
	parts, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return body, nil //nolint:nilerr // a recorded body that is no workbook is sent as it is
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, part := range parts.File {
		if err := movePart(w, part, by); err != nil {
			return nil, fmt.Errorf("moving a workbook: %w", err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("moving a workbook: %w", err)
	}
	return out.Bytes(), nil
}

func movePart(w *zip.Writer, part *zip.File, by time.Duration) error {
	r, err := part.Open()
	if err != nil {
		return err
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := r.Close(); err != nil {
		return err
	}
	to, err := w.Create(part.Name)
	if err != nil {
		return err
	}
	_, err = to.Write(Moved(text, by))
	return err
}
