package cloudevents

import (
	"strconv"
	"unicode/utf8"

	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// headerValue reads the value of a ce-* header as the HTTP binding says: quotes and their escapes go first, then percent
// escapes are decoded once. A value with raw spaces (sdk-go sends them) or a lone % that is no escape is taken as it is;
// what is no UTF-8 then is refused.
func headerValue(text string) ([]byte, bool) {
	d := make([]byte, 0, len(text))
	if len(text) >= 2 && text[0] == '"' && text[len(text)-1] == '"' {
		for i := 1; i < len(text)-1; i++ {
			if text[i] == '\\' && i+1 < len(text)-1 {
				i++
			}
			d = append(d, text[i])
		}
	} else {
		d = append(d, text...)
	}
	out := d[:0]
	for i := 0; i < len(d); i++ {
		if d[i] == '%' && i+2 < len(d) && receive.Unhex(d[i+1]) >= 0 && receive.Unhex(d[i+2]) >= 0 {
			out = append(out, byte(receive.Unhex(d[i+1])<<4|receive.Unhex(d[i+2])))
			i += 2
			continue
		}
		out = append(out, d[i])
	}
	return out, utf8.Valid(out)
}

// allowedRate writes how many requests a minute are taken; "*": as many as come.
func allowedRate(perMinute int) string {
	if perMinute == 0 {
		return "*"
	}
	return strconv.Itoa(perMinute)
}
