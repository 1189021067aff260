package topic_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/topic"
)

// TestRights (T38): each service against each topic, and just the cells that it needs.
func TestRights(t *testing.T) {
	n := topic.Names{Prefix: "p."}
	got := map[string][]string{} // by service and topic
	for _, r := range n.Rights([]string{"website", "store", "website"}, []string{"shop", "app"}) {
		cell := r.Service + " " + r.Kind + " " + r.Name
		if _, twice := got[cell]; twice {
			t.Errorf("%s is there twice", cell)
		}
		got[cell] = r.Operations
		if r.Kind == topic.KindGroup && !strings.HasPrefix(r.Name, "p."+r.Service+".") && (r.Service != topic.Command || !slices.Equal(r.Operations, []string{topic.Describe})) {
			t.Errorf("%s reads in the group %s", r.Service, r.Name)
		}
	}
	may := func(service, name, operation string) bool {
		return slices.Contains(got[service+" "+topic.KindTopic+" "+name], operation)
	}
	for _, s := range n.Specs([]string{"shop", "app"}, 1, 1) {
		raw, signals := n.Channel(s.Name) != "", n.Dataset(s.Name) != ""
		posted := s.Name == "p.events.website" || s.Name == "p.events.store"
		letters, audit := s.Name == n.DeadLetters(), s.Name == n.Audit()
		suppressions := s.Name == n.Suppressions()
		for _, cell := range []struct {
			service, operation string
			want               bool
		}{
			{topic.Ingest, topic.Write, posted},
			{topic.Ingest, topic.Read, false},
			{topic.Normalizer, topic.Read, raw || suppressions},
			{topic.Normalizer, topic.Write, !raw && !audit && !suppressions},
			{topic.Forwarder, topic.Read, signals || suppressions},
			{topic.Forwarder, topic.Write, !raw && !signals && !audit && !suppressions},
			{topic.Ledger, topic.Read, letters || s.Name == n.Outcomes()},
			{topic.Ledger, topic.Write, false},
			{topic.Ledger, topic.Create, false},
			{topic.Command, topic.Read, true},
			{topic.Command, topic.Write, !letters},
			{topic.Command, topic.Create, true},
			{topic.Ingest, topic.Create, false},
			{topic.Normalizer, topic.Create, false},
			{topic.Forwarder, topic.Create, false},
		} {
			if may(cell.service, s.Name, cell.operation) != cell.want {
				t.Errorf("%s may %s %s: %t", cell.service, cell.operation, s.Name, !cell.want)
			}
		}
	}
}
