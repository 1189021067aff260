package main

// costing is what a request makes on Kafka.
var costing = []mutation{
	{
		name: "cost-unbounded", breaks: "Some hundred bytes make a hundred megabytes on Kafka.",
		file: "services/ingest/internal/httpapi/cost.go", old: "\t\treturn receive.TooCostly()\n", new: "\t\t_ = receive.TooCostly\n",
		in: "services/ingest/internal/httpapi", test: "TestCostIsBounded",
	},
	{
		name: "facts-cost-nothing", breaks: "What a request says for all its events counts once, and is stored with each.",
		file: "services/ingest/internal/accept/accept.go", old: "total := len(b.Items) * (len(w.values)", new: "total := len(w.values) + len(b.Items)*(0",
		in: "services/ingest/internal/httpapi", test: "TestCostIsBounded",
	},
	{
		name: "unpacked-counts-as-sent", breaks: "What gzip unpacks to counts as sent, so that a small body may make as much as a large one.",
		file: "services/ingest/internal/httpapi/body.go", old: "x.sent += int(arriving.n)", new: "x.sent += len(x.body.bytes)",
		in: "services/ingest/internal/httpapi", test: "TestCostIsBounded",
	},
	{
		name: "items-before-proof-unbounded", breaks: "Until its sender is known, a small request fills the memory with what its items repeat.",
		file: "pkg/format/receive/batch.go", old: "b.Allowed > 0 && b.taken > b.Allowed", new: "b.Allowed < 0",
		in: "services/ingest/internal/httpapi", test: "TestUnsignedItemsAreBounded",
	},
	{
		name: "chunks-without-end", breaks: "A consumer holds all that a fetch of compressed batches unpacks to.",
		file: "pkg/stream/fetcher.go", old: "held < chunkBytes", new: "held < 1<<40",
		in: "pkg/stream", test: "TestChunksHaveASize",
	},
	{
		name: "codec-refused-for-ever", breaks: "A broker that does not know the codec refuses each batch until it is given up.",
		file: "pkg/stream/queue.go", old: "\t\treturn unpack\n", new: "\t\treturn abandon\n",
		in: "pkg/stream", test: "TestBrokerWithoutZstd",
	},
	{
		name: "topics-keep-any-bytes", breaks: "Topics are made without retention.bytes.",
		file: "pkg/stream/topics.go", old: "if s.Bytes > 0 {", new: "if s.Bytes < 0 {",
		in: "pkg/stream", test: "TestApplyMakesAndChecks",
	},
}
