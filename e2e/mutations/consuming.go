package main

// consuming is how records are read and their offsets committed.
var consuming = []mutation{
	{
		name: "commit-past-a-hole", breaks: "The commit passes records that are not settled.",
		file: "pkg/stream/tracker.go", old: "run < len(t.open) && t.open[run].settled", new: "run < len(t.open)",
		in: "pkg/stream", test: "TestOnlyTheContiguousRunIsCommitted",
	},
	{
		name: "bomb-is-unpacked", breaks: "A compressed batch is unpacked, however much it becomes.",
		file: "pkg/stream/unpack.go", old: "r.left -= n; r.left < 0", new: "r.left -= n; r.left < -1<<40",
		in: "pkg/stream", test: "TestBombsAreBounded",
	},
	{
		name: "bomb-is-passed", breaks: "A batch that is not unpacked counts as consumed.",
		file: "pkg/stream/fetcher.go", old: "\t\tif errors.Is(err, errUnpacked) {\n\t\t\treturn fmt",
		new: "\t\tif errors.Is(err, errUnpacked) {\n\t\t\tf.next++\n\t\t\treturn fmt",
		in:  "pkg/stream", test: "TestBombStandsStill",
	},
	{
		name: "offset-one-too-far", breaks: "The committed offset is one past the next record.",
		file: "pkg/stream/tracker.go", old: "t.open[run].offset + 1", new: "t.open[run].offset + 2",
		in: "pkg/stream", test: "TestTrackerEqualsModel",
	},
	{
		name: "settled-when-read", breaks: "Records are committed because they were read, before anything came of them.",
		file: "pkg/stream/tracker.go", old: "at: recs[i].Time})", new: "at: recs[i].Time})\n\t\tt.mark = recs[i].Offset + 1",
		in: "pkg/stream", test: "TestUnsettledIsDeliveredAgain",
	},
	{
		name: "rebalance-that-commits", breaks: "At the end of a generation all that it had read is committed.",
		file: "pkg/stream/generation.go", old: "\t<-worked\n",
		new: "\t<-worked\n\tfor _, partitions := range trackers {\n\t\tfor _, t := range partitions {\n\t\t\tt.settle(t.head, len(t.open))\n\t\t}\n\t}\n",
		in:  "pkg/stream", test: "TestUnsettledIsDeliveredAgain",
	},
	{
		name: "new-group-begins-at-the-end", breaks: "A group without offsets passes by what the topic holds.",
		file: "pkg/stream/fetcher.go", old: "f.next = first\n", new: "f.next = last\n",
		in: "pkg/stream", test: "TestAGroupWithoutOffsetsBeginsAtTheStart",
	},
	{
		name: "lost-and-not-counted", breaks: "What retention took before it was read is not counted.",
		file: "pkg/stream/metrics.go", old: "Add(float64(records))", new: "Add(0)",
		in: "pkg/stream", test: "TestLostRecordsAreSaid",
	},
	{
		name: "silent-drain", breaks: "A member that drains sends no heartbeats, and Kafka gives it up.",
		file: "pkg/stream/membership.go", old: "ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))", new: "ctx, cancel := context.WithCancel(ctx)",
		in: "pkg/stream", test: "TestDrainLongerThanASession",
	},
	{
		name: "zombie-is-alive", breaks: "A member that was stopped for longer than its session takes itself for the owner.",
		file: "pkg/stream/membership.go", old: "return now.Sub(m.sent) < session &&", new: "return true ||",
		in: "pkg/stream", test: "TestZombieIsNotAlive",
	},
	{
		name: "another-stage-s-replay", breaks: "A consumer of somebody's own handles again what was replayed for another stage.",
		file: "pkg/pipeline/work.go", old: "event.IsFor(stage, r)", new: "event.IsFor(stage, r) || true",
		in: "pkg/pipeline", test: "TestReplayForAnother",
	},
	{
		name: "letter-that-cannot-be-written", breaks: "A consumer of somebody's own goes on past a dead letter that was not written.",
		file: "pkg/pipeline/deadletter.go", old: "\t\tl.report(err)\n\t\tif err != nil {", new: "\t\tl.report(err)\n\t\tif false {",
		in: "pkg/pipeline", test: "TestDeadLetterThatCantBeWrittenHoldsTheRecord",
	},
}
