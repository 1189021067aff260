package collect

import (
	"github.com/omnicapi/omnicapi/pkg/format/dialect/serverevent"
	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Mapper maps the events of our own collector: from the snippet on a page, or from the shop's server. A browser's
// address, agent and cookies are the visitor's and those its body claims are not believed; a server's are its own, so
// those in its body count.
type Mapper struct{}

// Map implements mapping.Mapper.
func (Mapper) Map(in *mapping.Input, out *mapping.Output) error {
	server := jsonscan.Kind(out.Index.Get(in.Raw.Context, storedServer)) == 't'
	if !server {
		out.ReadBrowser(in.Raw)
	}
	if err := serverevent.Map(in, out, in.Raw.Item, "user", server); err != nil {
		return err
	}
	if err := out.NeedReadTime("event_time"); err != nil {
		return err
	}
	out.DefaultConsent(out.Index.Get(in.Raw.Context, storedConsent))
	if !server {
		out.CompleteVisit(in.Raw.Time)
	}
	out.DefaultTime(in.Raw.Time)
	return nil
}
