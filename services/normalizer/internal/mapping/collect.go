package mapping

import "github.com/omnicapi/omnicapi/pkg/jsonscan"

// collectMapper maps the events of our own collector: from the snippet on a page, or from the shop's server. A browser's
// address, agent and cookies are the visitor's and those its body claims are not believed; a server's are its own, so
// those in its body count.
type collectMapper struct{}

func (collectMapper) Default() string { return "website" }
func (collectMapper) Names() *Names   { return nil }

func (collectMapper) Map(in *Input, out *Output) error {
	server := jsonscan.Kind(out.Index.Get(in.Raw.Context, "server")) == 't'
	out.Consent = out.Index.Get(in.Raw.Context, "consent")
	if !server {
		out.browser(in.Raw)
	}
	if err := out.serverEvent(in.Raw.Item, "user", server); err != nil {
		return err
	}
	if !server {
		out.visited(in.Raw.Time)
	}
	out.arrival(in.Raw.Time)
	return nil
}
