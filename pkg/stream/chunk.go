package stream

// Chunk is what one fetch of one partition brought, in offset order.
type Chunk struct {
	Topic     string
	Partition int
	Records   []Record
	History   bool // records before the committed offset (GroupConfig.Lookback): read again, never settled

	tracker *tracker // nil for history, and in tests that make a Chunk by hand
	first   int64
}

// Settle marks Records[i] as done: its effects are on Kafka. It may be called in any order, from any goroutine, and has no
// effect after the generation has ended.
func (c *Chunk) Settle(i int) {
	if c.tracker != nil {
		c.tracker.settle(c.first+int64(i), 1)
	}
}

// SettleRun settles n records from Records[first] on, taking the lock once.
func (c *Chunk) SettleRun(first, n int) {
	if c.tracker != nil {
		c.tracker.settle(c.first+int64(first), n)
	}
}

// SettleAll settles all records of the chunk.
func (c *Chunk) SettleAll() {
	if c.tracker != nil {
		c.tracker.settle(c.first, len(c.Records))
	}
}
