package receive

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
)

// Form adds the fields of a form's body to in.Pairs: urlencoded or multipart.
func (in *Input) Form(b *Batch) *Refusal {
	if FirstByte(in.Body) == 0 {
		return nil
	}
	media, params, err := mime.ParseMediaType(in.Request.Header.Get("Content-Type"))
	if err == nil && media == "multipart/form-data" {
		return b.EachPart(in.Body, params["boundary"], func(name string, value []byte) *Refusal {
			if in.Pairs = append(in.Pairs, Pair{[]byte(name), value}); len(in.Pairs) > MaxPairs {
				return &Refusal{Kind: Unreadable, Detail: "too many fields"}
			}
			return nil
		})
	}
	in.Pairs = b.AddPairs(in.Pairs, bytes.TrimSpace(in.Body))
	return nil
}

// EachPart reads a multipart form; the body is bounded already, so is each part.
func (b *Batch) EachPart(body []byte, boundary string, take func(name string, value []byte) *Refusal) *Refusal {
	if boundary == "" {
		return &Refusal{Kind: Unreadable, Detail: "the multipart form has no boundary"}
	}
	form := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return &Refusal{Kind: Unreadable, Detail: "the multipart form is broken"}
		}
		start := len(b.Scratch)
		if _, err := io.Copy(appender{&b.Scratch}, part); err != nil {
			return &Refusal{Kind: Unreadable, Detail: "the multipart form is broken"}
		}
		end := len(b.Scratch)
		if r := take(part.FormName(), b.Scratch[start:end:end]); r != nil {
			return r
		}
	}
}

// appender is an io.Writer on a slice.
type appender struct{ to *[]byte }

// Write appends to the slice.
func (a appender) Write(p []byte) (int, error) {
	*a.to = append(*a.to, p...)
	return len(p), nil
}
