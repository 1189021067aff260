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
	{
		name: "guess-costs-an-order", breaks: "A page that guesses an order's id has it dropped as a duplicate.",
		file: "services/forwarder/internal/dedup/verdict.go", old: "return earlier.unproven() && !c.Unproven || c.Replay", new: "return c.Replay",
		in: "e2e", test: "TestRedTeam", timeout: "5m",
	},
	{
		name: "page-locks-the-server-out", breaks: "What pages post to a source is taken from what its server may.",
		file: "services/ingest/internal/source/rate.go", old: "if trust == event.Unproven {", new: "if trust == event.Unproven && false {",
		in: "e2e", test: "TestRedTeam", timeout: "5m",
	},
	{
		name: "neighbour-locks-the-shop-out", breaks: "Who guesses secrets in the shop's network has its own right ones refused.",
		file: httpapiPackage + "/guesses.go", old: "!c.Presents() || x.hasProven(c) {", new: "!c.Presents() {",
		in: "e2e", test: "TestRedTeam", timeout: "5m",
	},
}
