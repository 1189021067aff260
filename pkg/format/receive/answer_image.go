package receive

import "net/http"

// Image answers an image pixel: a transparent image, whatever the event is worth, since a page shows what it gets. Errors
// that the sender can mend are as Own.
type Image struct{ Own }

// pixel is a transparent GIF of one pixel.
const pixel = "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"

// KeepsHopeless is true: an image has no place for rejections.
func (Image) KeepsHopeless() bool { return true }

// Accepted answers 200 with the image.
func (Image) Accepted(reply *Reply, _ *Input, _ *Batch, _ string) {
	reply.Status, reply.ContentType, reply.Body = http.StatusOK, "image/gif", append(reply.Body[:0], pixel...)
	reply.Headers = append(reply.Headers, Header{"Cache-Control", "no-store"})
}

// Refused answers what cannot be read with the image, too: it is dropped and counted.
func (g Image) Refused(reply *Reply, f *Refusal, b *Batch, traceID string) {
	if f.Kind == Unreadable {
		g.Accepted(reply, nil, b, traceID)
		return
	}
	g.Own.Refused(reply, f, b, traceID)
}
