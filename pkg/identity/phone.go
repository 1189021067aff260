package identity

import "github.com/omnicapi/omnicapi/pkg/phone"

// appendPhone appends the number in E.164, digits only. Package phone decides how it is read.
func appendPhone(dst, raw []byte, c *Context) ([]byte, Drop) {
	text := trim(raw)
	if len(text) == 0 {
		return dst, Empty
	}
	out, ok := phone.Append(dst, text, c.home())
	if !ok {
		return dst, Malformed
	}
	return out, Kept
}
