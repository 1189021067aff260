package receive

import (
	"slices"
	"time"

	"github.com/omnicapi/omnicapi/pkg/fault"
)

// Name fixes the id and key of every item: once, here. Items that are plainly hopeless are rejected where the answer has
// a place for that, else stored like the others. The arrival minute stands in for an item's missing time.
func Name(f Receiver, in *Input, b *Batch, source string, arrival time.Time) *Refusal {
	kept := b.Items[:0]
	for i := range b.Items {
		item := b.Items[i]
		in.ident.reset()
		in.ident.Index = item.Index
		reason := f.Identify(in, item.Value, &in.ident)
		limit := maxStored
		if !in.Answer.KeepsHopeless() {
			limit = min(limit, in.Limits.MaxEvent)
		}
		if len(item.Value) > limit {
			if in.Answer.KeepsHopeless() {
				return &Refusal{Kind: TooLarge, Detail: "an event is too large to be stored"}
			}
			reason, in.ident.Field = fault.Oversize, ""
		}
		if reason != fault.None && !in.Answer.KeepsHopeless() {
			b.Rejected = append(b.Rejected, Rejection{Index: item.Index, Row: item.Row, Field: in.ident.Field, Reason: reason})
			continue
		}
		in.name(&item, source, arrival)
		kept = append(kept, item)
	}
	clear(b.Items[len(kept):])
	b.Items = kept
	slices.SortStableFunc(b.Rejected, func(x, y Rejection) int { return x.Index - y.Index })
	return nil
}
