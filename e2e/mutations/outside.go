package main

// outside are breaks that the load and its balance see, whatever a package's own tests say.
var outside = []mutation{
	{
		name: "2xx-for-a-part-of-a-load", breaks: "Of the events that senders are acknowledged, only the first of each request ends.",
		file: "services/ingest/internal/accept/accept.go", old: "a.pub.Publish(ctx, w.recs...)", new: "a.pub.Publish(ctx, w.recs[:1]...)",
		in: "e2e", test: "TestTraffic", timeout: "5m",
	},
	{
		name: "settled-when-read-under-kills", breaks: "Records are committed because they were read, and their process is killed.",
		file: "pkg/stream/tracker.go", old: "at: recs[i].Time})", new: "at: recs[i].Time})\n\t\tt.mark = recs[i].Offset + 1",
		in: "e2e", test: "TestKillAnyProcess", timeout: "8m",
	},
}
