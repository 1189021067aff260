package fate

import "github.com/omnicapi/omnicapi/services/forwarder/internal/batch"

// settleRuns settles the records of events, those that stand side by side in their chunk in one call.
func settleRuns(events []batch.Event) {
	for i := 0; i < len(events); {
		first, n := &events[i], 1
		for i+n < len(events) && events[i+n].Index == first.Index+n && events[i+n].Chunk == first.Chunk {
			n++
		}
		first.Chunk.SettleRun(first.Index, n)
		i += n
	}
}
