package httpapi

import "net/http"

// closeAmbiguous ends the connection behind a request that comes in chunks. One that says a length, too, may be read as two by a
// proxy before us (RFC 9112, 6.1: it is answered, and its connection closed); net/http reads the chunks and drops the length
// before anybody can see it, so that all requests in chunks are taken for such ones.
func closeAmbiguous(w http.ResponseWriter, r *http.Request) {
	if r.ProtoMajor == 1 && len(r.TransferEncoding) > 0 {
		w.Header().Set("Connection", "close")
	}
}
