package certificate

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"time"
)

// kept is what some files say, read again while they change. What cannot be used leaves what was read before.
type kept[T any] struct {
	what  string // for the log
	files []string
	parse func(texts [][]byte, now time.Time) (T, error)

	value T
	texts [][]byte // of value
	bad   string   // why what is there now cannot be used; "": it is value
	said  bool     // in the log
}

// look reads the files, and says whether value is another one. A pair is replaced file by file, so that what cannot be used is said
// only if the next look finds it still so.
func (k *kept[T]) look(now time.Time, log *slog.Logger) (changed bool) {
	texts, err := readAll(k.files)
	if err == nil && k.texts != nil && equal(texts, k.texts) {
		if k.said {
			log.Info(k.what+" can be used again", "files", k.files) //nolint:sloglint // one of two texts
		}
		k.bad, k.said = "", false
		return false
	}
	var value T
	if err == nil {
		value, err = k.parse(texts, now)
	}
	if err == nil {
		k.value, k.texts, k.bad, k.said = value, texts, "", false
		return true
	}
	again := k.bad == err.Error()
	if again && !k.said {
		log.Warn(k.what+" cannot be used: what they held goes on being used, the next start fails", "files", k.files, "error", err) //nolint:sloglint // likewise
	}
	k.said = again
	k.bad = err.Error()
	return false
}

func readAll(files []string) ([][]byte, error) {
	texts := make([][]byte, len(files))
	for i, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("reading a file: %w", err)
		}
		texts[i] = text
	}
	return texts, nil
}

func equal(a, b [][]byte) bool {
	for i := range a {
		if !bytes.Equal(a[i], b[i]) {
			return false
		}
	}
	return true
}
