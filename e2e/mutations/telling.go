package main

// telling is what is said of losses, readiness and lag: a figure that lies lets nobody mend what breaks the promise.
var telling = []mutation{
	{
		name: "loss-that-is-not-recorded", breaks: "A consumer goes on past a loss whose record was not written.",
		file: "pkg/stream/loss.go", old: "\t\tif err != nil {\n\t\t\treturn false", new: "\t\tif false && err != nil {\n\t\t\treturn false",
		in: "pkg/stream", test: "TestForgetNothingUnrecorded",
	},
	{
		name: "loss-before-the-first-commit", breaks: "What retention took before a service's first commit is no loss.",
		file: "pkg/stream/fetcher.go", old: "first > 0 && f.whole", new: "first < 0 && f.whole",
		in: "pkg/stream", test: "TestNeverCommitted",
	},
	{
		name: "topic-anew-loses-nothing", breaks: "What a topic held that was deleted is not counted.",
		file: "pkg/stream/anew.go", old: "To: p.end, Cause", new: "To: p.mark, Cause",
		in: "pkg/stream", test: "TestForget",
	},
	{
		name: "topic-anew-from-the-old-position", breaks: "A topic that was made anew is read from where the old one was.",
		file: "pkg/stream/anew.go", old: "found[key] = place{topic: now[key.topic], mark: kafka.FirstOffset}", new: "found[key] = place{topic: now[key.topic], mark: p.mark}",
		in: "pkg/stream", test: "TestForget",
	},
	{
		name: "lag-stands-still", breaks: "A consumer without room does not hear how much waits.",
		file: "pkg/stream/ends.go", old: "t.setHighWater(p.LastOffset)", new: "_ = p.LastOffset",
		in: "pkg/stream", test: "TestLagGrowsWithoutRoom", timeout: "3m",
	},
	{
		name: "unfetched-is-young", breaks: "Records that nobody gets to fetch have no age.",
		file: "pkg/stream/tracker.go", old: "t.behind = time.Now()", new: "t.behind = time.Time{}",
		in: "pkg/stream", test: "TestAgeOfWhatIsNotFetched",
	},
	{
		name: "in-a-group-for-ever", breaks: "A process that joined no group says that it is in it.",
		file: "pkg/stream/consumer.go", old: "return c.joined != nil", new: "return c.cfg.Group != \"\"",
		in: "pkg/stream", test: "TestRebalancesAreSaid",
	},
	{
		name: "always-ready", breaks: "The metrics say ready whatever /readyz says.",
		file: "pkg/admin/ready.go", old: "figure(r.Ready)", new: "figure(r.Checks != nil)",
		in: "pkg/admin", test: "TestReadyFigures",
	},
	{
		name: "ready-without-a-write", breaks: "Ingest is ready as soon as the topics are there, though Kafka takes no writes.",
		file: "services/ingest/app/ready.go", old: "case failing && (", new: "case failing && v.err != nil && (",
		in: "services/ingest/app", test: "TestNoFlapping",
	},
	{
		name: "ready-by-an-old-check", breaks: "Ingest stays ready though Kafka has not answered for long.",
		file: "services/ingest/app/ready.go", old: "time.Since(v.at) > maxAge", new: "time.Since(v.at) > 100*maxAge",
		in: "services/ingest/app", test: "TestOldChecksProveNothing",
	},
	{
		name: "short-letter-is-not-written", breaks: "A letter that is written without its value counts as written before Kafka has it.",
		file: "pkg/deadletter/publisher.go", old: "\t\t} else if err != nil {\n\t\t\treturn err\n\t\t}", new: "\t\t}",
		in: "pkg/deadletter", test: "TestShorterLetterMustBeWritten",
	},
	{
		name: "too-large-is-written", breaks: "Records that are too large and no letters count as written.",
		file: "pkg/deadletter/publisher.go", old: "\t\t\tleft = append(left, i)\n", new: "",
		in: "pkg/deadletter", test: "TestOversize",
	},
}
