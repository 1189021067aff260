package main

// accepting is ingest.
var accepting = []mutation{
	{
		name: "page-counts-as-proven", breaks: "Who shows no more than an Origin counts as proven.",
		file: "services/ingest/internal/auth/find.go", old: "Proven: server && !a.showsSecret()", new: "Proven: true",
		in: "services/ingest/internal/auth", test: "TestProven",
	},
	{
		name: "guessed-ids-taken", breaks: "A page names its event as a shop's order.",
		file: "pkg/format/receive/name.go", old: "if in.isForeign(in.ident.EventID) {", new: "if false {",
		in: "services/ingest/internal/httpapi", test: "TestForeignIDs",
	},
	{
		name: "2xx-without-the-write", breaks: "Ingest answers 2xx though Kafka did not take the events.",
		file: "services/ingest/internal/httpapi/store.go",
		old:  `return &receive.Refusal{Kind: receive.Unavailable, Detail: "events cannot be stored at the moment"}`, new: "return nil",
		in: "services/ingest/internal/httpapi", test: "TestUnavailable",
	},
	{
		name: "2xx-for-a-part", breaks: "Ingest answers 2xx when the first item of a request is on Kafka.",
		file: "services/ingest/internal/accept/accept.go", old: "a.pub.Publish(ctx, recs...)", new: "a.pub.Publish(ctx, recs[:1]...)",
		in: "services/ingest/internal/accept", test: "TestRecords",
	},
	{
		name: "gone-with-the-page", breaks: "The event of a page that is closed is not stored.",
		file: "services/ingest/internal/accept/accept.go", old: "context.WithoutCancel(ctx)", new: "ctx",
		in: "services/ingest/internal/accept", test: "TestClientGone",
	},
	{
		name: "credential-in-an-address", breaks: "A token in the address of a page is stored.",
		file: "pkg/format/receive/credentials.go", old: "|| hasCredentialText(text, texts) //", new: "//",
		in: "services/omnicapi", test: "TestAddresses",
	},
}

// normalizing is the normalizer.
var normalizing = []mutation{
	{
		name: "loose-secret", breaks: "A secret that everybody may read is taken with strict_secrets.",
		file: "pkg/config/check.go", old: "if c.cfg.StrictSecrets {", new: "if c.cfg.StrictSecrets && file == \"\" {",
		in: "pkg/config", test: "TestLoose",
	},
	{
		name: "two-lengths", breaks: "A connection goes on behind a request that says two lengths.",
		file: "services/ingest/internal/httpapi/api.go", old: "\tcloseAmbiguous(w, r)\n", new: "",
		in: "services/ingest/internal/httpapi", test: "TestTwoLengths",
	},
	{
		name: "revoked-secret-opens", breaks: "A secret whose file was deleted goes on being accepted.",
		file: "pkg/config/secret.go", old: "if !s.revocable ||", new: "if s.revocable ||",
		in: "services/ingest/internal/auth", test: "TestRotation",
	},
	{
		name: "empty-secret-opens", breaks: "A sender that presents nothing is taken for one whose secret was revoked.",
		file: "services/ingest/internal/auth/secret.go", old: "&^ revoked", new: "&^ (revoked & 0)",
		in: "services/ingest/internal/auth", test: "TestRotation",
	},
	{
		name: "recorded-and-sent-again", breaks: "A signed request that was recorded is stored whenever it is sent again.",
		file: "services/ingest/internal/taken/taken.go", old: "r.times > Retries || now.Sub(r.first) >= Late", new: "r.times < 0",
		in: "services/ingest/internal/httpapi", test: "TestSentAgain",
	},
	{
		name: "signature-stripped", breaks: "A signature without a time counts where one with a time is asked for.",
		file: "pkg/signature/hubspot.go", old: "if !r.AnyVersion {", new: "if !r.AnyVersion && secret == \"\" {",
		in: "services/ingest/internal/httpapi", test: "TestOlderVersions",
	},
	{
		name: "formula-behind-a-semicolon", breaks: "A spreadsheet runs what stands behind a semicolon in a cell.",
		file: "services/omnicapi/internal/letters/export.go", old: "separators = \";,", new: "separators = \",",
		in: "services/omnicapi/internal/letters", test: "TestHarmless",
	},
	{
		name: "export-through-a-link", breaks: "An export writes into the file that a link points to.",
		file: "services/omnicapi/internal/newfile/newfile.go", old: "os.Lstat(path)", new: "os.Stat(path)",
		in: "services/omnicapi/internal/newfile", test: "TestLink",
	},
	{
		name: "forged-line", breaks: "An event's name prints a line of its own in trace.",
		file: "services/omnicapi/terminal.go", old: "out[i] = visible.Text(arg)\n\t\tcase []byte", new: "out[i] = arg\n\t\tcase []byte",
		in: "services/omnicapi", test: "TestHostile",
	},
	{
		name: "own-credential-to-meta", breaks: "A member of custom_data that is a credential goes to Meta.",
		file: "services/normalizer/internal/handle/pages.go", old: "if credential.IsMember(m.Key, true) {", new: "if m.Key == nil {",
		in: "services/normalizer/internal/handle", test: "TestOwnCredentials",
	},
	{
		name: "commit-before-the-signal", breaks: "A chunk is settled before what became of it is on Kafka.",
		file: "services/normalizer/internal/handle/worker.go", old: "if !w.publish(ctx, c, r) {", new: "if r.settle(c); !w.publish(ctx, c, r) {",
		in: "services/normalizer/internal/handle", test: "TestSettled",
	},
	{
		name: "publish-gives-up", breaks: "A chunk that Kafka does not take is passed by.",
		file: "services/normalizer/internal/handle/worker.go", old: "\treturn err == nil\n", new: "\treturn err != nil || true\n",
		in: "services/normalizer/internal/handle", test: "TestGiveUp",
	},
	{
		name: "held-record-settled", breaks: "A record that waits for its lead is settled with its chunk.",
		file: "services/normalizer/internal/handle/results.go", old: "if len(r.deferred) == 0 {", new: "if len(r.deferred) >= 0 {",
		in: "services/normalizer/internal/handle", test: "TestHeldSettled",
	},
	{
		name: "dropped-without-a-fate", breaks: "What the normalizer ends is in no outcome.",
		file: "services/normalizer/internal/handle/results.go", old: "r.fates = append(r.fates, f)", new: "_ = f",
		in: "services/normalizer/internal/handle", test: "TestChunkInOnePublish",
	},
	{
		name: "dead-without-a-letter", breaks: "What dies in the normalizer leaves no dead letter.",
		file: "services/normalizer/internal/handle/results.go", old: "if f.Fate != fault.Dead {", new: "if f.Fate != \"\" {",
		in: "services/normalizer/internal/handle", test: "TestChunkInOnePublish",
	},
	{
		name: "denied-passes", breaks: "An event whose person said no goes to Meta.",
		file: "services/normalizer/internal/consent/policy.go", old: "return d == PassGranted || d == PassUnknown", new: "return d != DropUnknown",
		in: "services/normalizer/internal/consent", test: "TestOnlyTwoDecisionsPass",
	},
	{
		name: "unreadable-wish-passes", breaks: "A wish that nobody understands counts as consent.",
		file: "services/normalizer/internal/consent/policy.go",
		old:  "case privacy.Unreadable:\n\t\treturn DropUnreadable", new: "case privacy.Unreadable:\n\t\treturn PassUnknown",
		in: "services/normalizer/internal/consent", test: "TestDecide",
	},
}

// replaying is dead letters and the way back.
var replaying = []mutation{
	{
		name: "letter-without-its-value", breaks: "A replay brings back a record without its value.",
		file: "pkg/event/deadletter.go", old: "Key: r.Key, Value: r.Value, Time: r.Time}", new: "Key: r.Key, Time: r.Time}",
		in: "pkg/event", test: "TestReplayAgain",
	},
	{
		name: "replay-without-effect", breaks: "A replay takes letters off the list and publishes none.",
		file: "services/omnicapi/internal/letters/replay.go", old: "to.Publish(ctx, records...)", new: "to.Publish(ctx)",
		in: "services/omnicapi/internal/letters", test: "TestReplayTakesLettersOffTheList",
	},
	{
		name: "replay-ends-half-way", breaks: "A replay that is asked to end leaves letters on the list that are back on their topic, so they are replayed twice.",
		file: "services/omnicapi/internal/letters/replay.go", old: "context.WithCancel(context.WithoutCancel(ctx))", new: "context.WithCancel(ctx)",
		in: "services/omnicapi/internal/letters", test: "TestReplayThatIsAskedToEnd",
	},
	{
		name: "replayed-after-its-end", breaks: "A letter that dies again at once is taken off the list by its own replay.",
		file: "services/omnicapi/internal/letters/replay.go", old: "outcomesOf(names, chunk, began)", new: "outcomesOf(names, chunk, began.Add(time.Since(began)))",
		in: "services/omnicapi/internal/letters", test: "TestReplayIsTimedBefore",
	},
	{
		name: "replay-is-a-duplicate", breaks: "The filter drops what an operator replays.",
		file: "services/forwarder/internal/lane/admit.go", old: "Replay: a.signals[i].Replays > 0,", new: "Replay: false,",
		in: "services/forwarder/internal/lane", test: "TestDuplicates",
	},
}
