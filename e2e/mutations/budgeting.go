package main

// budgeting is what those who prove nothing may take.
var budgeting = []mutation{
	{
		name: "slow-bodies-fill-the-bucket", breaks: "A request whose body was slow gives a source the time again that it took.",
		file: "services/ingest/internal/source/bucket.go", old: "\t\tnow = b.last\n", new: "\t\t_ = b.last\n",
		in: "services/ingest/internal/source", test: "TestSlowRequests",
	},
	{
		name: "debt-without-end", breaks: "A large request locks those behind it out for as long as it is large.",
		file: "services/ingest/internal/source/bucket.go", old: "b.short.ReserveN(now, min(n, b.burst+b.debt))", new: "for left := n; left > 0; left -= b.burst {\n\t\tb.short.ReserveN(now, min(left, b.burst))\n\t}",
		in: "services/ingest/internal/source", test: "TestDebt",
	},
	{
		name: "debt-forgiven", breaks: "What a large request is beyond its debt is taken from nothing: the rate does not hold.",
		file: "services/ingest/internal/source/bucket.go", old: "b.long.ReserveN(now, whole)", new: "b.long.ReserveN(now, part)",
		in: "services/ingest/internal/source", test: "TestRateHolds",
	},
	{
		name: "unproven-without-default", breaks: "A page posts as many events a second as it likes.",
		file: "services/ingest/internal/source/rate.go", old: "b != nil && (s.unproven == nil || b.perSecond < s.unproven.perSecond)", new: "b != nil && s.unproven != nil && b.perSecond < s.unproven.perSecond",
		in: "services/ingest/internal/source", test: "TestLimitUnproven",
	},
	{
		name: "unproven-request-of-any-size", breaks: "A page posts 10 000 events in one request.",
		file: "services/ingest/internal/httpapi/perrequest.go", old: "most > 0 && n > most", new: "most < 0 && n > most",
		in: "services/ingest/internal/httpapi", test: "TestUnprovenRequest",
	},
	{
		name: "no-share-of-memory", breaks: "Unproven senders take all of the room for bodies.",
		file: "services/ingest/internal/httpapi/room.go", old: "[pools]int64{1, 2, 4}", new: "[pools]int64{1, 1, 1}",
		in: "services/ingest/internal/httpapi", test: "TestPools",
	},
	{
		name: "no-share-of-the-producer", breaks: "Events of pages that wait for Kafka keep proven ones out.",
		file: "pkg/stream/producer.go", old: "n.yields > 0 && next.yields > p.cfg.MaxPending-p.cfg.Reserved", new: "n.yields > 0 && next.yields > p.cfg.MaxPending",
		in: "pkg/stream", test: "TestReserve",
	},
	{
		name: "pages-do-not-yield", breaks: "Events of pages count as those of proven senders in the producer.",
		file: "services/ingest/internal/accept/accept.go", old: "rec.Yields = f.Trust == event.Unproven", new: "rec.Yields = false",
		in: "services/ingest/internal/httpapi", test: "TestNoRoom",
	},
	{
		name: "nobody-gives-way", breaks: "Who withholds bodies keeps those out whose proof is in their body.",
		file: "services/ingest/internal/httpapi/room.go", old: "case largest.bytes > s.bytes+n:", new: "case s == nil:",
		in: "services/ingest/internal/httpapi", test: "TestWithheld",
	},
	{
		name: "given-away-twice", breaks: "What gave way gives its room back once more, and the pools let in more than there is.",
		file: "services/ingest/internal/httpapi/room.go", old: "\tr.pools[s.pool].used -= s.bytes\n\ts.bytes = 0", new: "\tr.pools[s.pool].used -= s.bytes",
		in: "services/ingest/internal/httpapi", test: "TestRoomAddsUp",
	},
	{
		name: "slow-for-ever", breaks: "A body without proof may come as slowly as it likes.",
		file: "services/ingest/internal/httpapi/pace.go", old: "minSpeed = 16 << 10", new: "minSpeed = 1",
		in: "services/ingest/internal/httpapi", test: "TestMinimumSpeed",
	},
	{
		name: "unpacked-as-it-comes", breaks: "A withheld body takes the room of what it unpacks to.",
		file: "services/ingest/internal/httpapi/body.go", old: "case arriving.conn == nil:", new: "case arriving.conn == nil || zipped:",
		in: "services/ingest/internal/httpapi", test: "TestHeldAsPacked",
	},
	{
		name: "signature-tried-with-all", breaks: "A signed request that names no shop costs an HMAC for each.",
		file: "services/ingest/internal/auth/find.go", old: `(d != Granted && c.Secret != "" || certified) && c.Key == "" && c.Proof == nil {`,
		new: `(d != Granted && c.Presents() || certified) && c.Key == "" {`,
		in:  "services/ingest/internal/auth", test: "TestSignedWithoutKey",
	},
	{
		name: "signature-tried-with-many", breaks: "A signed request is tried with any number of secrets of sources without a key.",
		file: "services/ingest/internal/auth/find.go", old: "return n > config.MostTried", new: "return n > 100*config.MostTried",
		in: "services/ingest/internal/auth", test: "TestSignedWithoutKey",
	},
	{
		name: "no-room-is-refused", breaks: "Events for which there was no room count as the sender's fault, and no alert fires.",
		file: "services/ingest/internal/httpapi/metrics.go", old: "x.add(failed, max(items, 1))", new: "x.add(refusedWhole, max(items, 1))",
		in: "services/ingest/internal/httpapi", test: "TestNoRoom",
	},
}
