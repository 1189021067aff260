package main

// outside are breaks that the load and its balance see, whatever a package's own tests say.
var outside = []mutation{
	{
		name: "2xx-for-a-part-of-a-load", breaks: "Of the events that senders are acknowledged, only the first of each request ends.",
		file: "services/ingest/internal/accept/accept.go", old: "a.pub.Publish(ctx, recs...)", new: "a.pub.Publish(ctx, recs[:1]...)",
		in: "e2e", test: "TestTraffic", timeout: "5m",
	},
	{
		name: "denied-passes-under-load", breaks: "An event whose person said no goes to Meta.",
		file: "services/normalizer/internal/consent/policy.go", old: "return d == PassGranted || d == PassUnknown", new: "return d != DropUnknown",
		in: "e2e", test: "TestTraffic", timeout: "5m",
	},
}
