package mapfile

import (
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
	"github.com/omnicapi/omnicapi/pkg/privacy"
)

var jsonTrue, jsonFalse = []byte("true"), []byte("false")

// wish writes what a person wishes. One that cannot be read is the strictest, and said to be wrong; of several, the
// strictest counts.
func (w *mapper) wish(k kind, raw, text []byte) string {
	var room [64]byte
	if raw == nil {
		raw = jsonscan.AppendString(room[:0], text)
	}
	switch k {
	case consented:
		s := privacy.ReadConsent(raw)
		if w.said = privacy.Stricter(w.said, s); s == privacy.Unreadable {
			return "is no consent that can be read: it counts as denied"
		}
	case optOut:
		yes, ok := privacy.Flag(raw)
		if yes || !ok {
			w.e.OptOut = jsonTrue
		} else if w.e.OptOut == nil {
			w.e.OptOut = jsonFalse
		}
		if !ok {
			return "is neither true nor false: it counts as true"
		}
	case options:
		said := privacy.ReadOptions(raw)
		if said.Limited || w.e.Options == nil {
			w.e.Options = said.JSON()
		}
		if said.Unclear {
			return "is no option but LDU: the use is limited"
		}
	}
	return ""
}
