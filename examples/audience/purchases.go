package main

import (
	"context"
	"encoding/json"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/pipeline"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// purchases adds the buyer of each Purchase to the list.
func purchases(to *list) pipeline.Handler {
	return func(_ context.Context, r *stream.Record) error {
		var signal event.Signal
		if err := signal.Decode(r); err != nil {
			return err // a *fault.Error: no signal that this build can read
		}
		if string(signal.EventName) != "Purchase" {
			return nil // nothing to do: the offset may move
		}
		var server struct {
			User struct {
				Email []string `json:"em"`
			} `json:"user_data"`
		}
		if err := json.Unmarshal(r.Value, &server); err != nil {
			return fault.New(fault.Undecodable, "value") // not err: it may quote personal data
		}
		return to.add(server.User.Email)
	}
}
