package mapfile

import (
	"bytes"
	"errors"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// lineOf is the line of a mapping file on which a path begins, or as much of it as is there; 0: nothing is.
func lineOf(data []byte, path string) int {
	value := jsonscan.Trim(data)
	base, found := bytes.Index(data, value), -1
	for path != "" {
		at, behind, inner, rest := longestKey(value, path)
		if at < 0 {
			break
		}
		found = base + at
		base, value, path = base+behind, inner, rest
	}
	if found < 0 {
		return 0
	}
	return lineAt(data, found)
}

// longestKey finds the member of an object with which a path begins: where its key and its value stand in the object, the
// value, and the rest of the path. at is -1 if there is none. Keys have dots, too (user_data.em).
func longestKey(obj []byte, path string) (at, behind int, value []byte, rest string) {
	at = -1
	length := 0
	jsonscan.Object(obj, func(k, v []byte) bool {
		key := string(jsonscan.Key(k, nil))
		after, found := strings.CutPrefix(path, key)
		if !found || key == "" || len(key) < length || after != "" && after[0] != '.' && after[0] != '[' {
			return true
		}
		at, value, rest, length = cap(obj)-cap(k), v, strings.TrimPrefix(after, "."), len(key) // k is a slice of obj to its end
		behind = at + len(k) + 1
		behind += bytes.IndexByte(obj[behind:], ':') + 1
		behind += bytes.Index(obj[behind:], v)
		return true
	})
	return at, behind, value, rest
}

func lineAt(data []byte, at int) int { return 1 + bytes.Count(data[:at], []byte("\n")) }

// notJSON is the problem of a file that is none, with the line on which it ends to be.
func notJSON(data []byte, err error) Problems {
	var wrong *jsonscan.Error
	if !errors.As(err, &wrong) {
		return Problems{{What: "is no JSON: " + err.Error()}}
	}
	return Problems{{Line: lineAt(data, min(wrong.Offset, len(data))), What: "is no JSON: " + wrong.What}}
}
