package stream

// Chunk is what one fetch of one partition brought, in offset order.
type Chunk struct {
	Topic     string
	Partition int
	Records   []Record
	History   bool // before the committed offset (Lookback): for memory only, never settled

	tracker *tracker // nil for history, and in tests that make a Chunk by hand
	first   int64
}

// Settle marks Records[i] as done: its effects are on Kafka. Any order, any goroutine; after the generation it is
// harmless.
func (c *Chunk) Settle(i int) {
	if c.tracker != nil {
		c.tracker.settle(c.first+int64(i), 1)
	}
}

// SettleRun marks n records from Records[first] on: Settle, taking the lock once.
func (c *Chunk) SettleRun(first, n int) {
	if c.tracker != nil {
		c.tracker.settle(c.first+int64(first), n)
	}
}

// SettleAll marks all of them.
func (c *Chunk) SettleAll() {
	if c.tracker != nil {
		c.tracker.settle(c.first, len(c.Records))
	}
}
