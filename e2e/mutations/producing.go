package main

// producing is how records get into Kafka.
var producing = []mutation{
	{
		name: "acks-of-one", breaks: "The leader alone acknowledges, so what it has not passed on dies with it.",
		file: "pkg/stream/sender.go", old: "int16(kafka.RequireAll)", new: "int16(kafka.RequireOne)",
		in: "pkg/stream", test: "TestAllReplicasAcknowledge",
	},
	{
		name: "one-replica-is-enough", breaks: "Topics of three replicas take writes while two of them are gone.",
		file: "pkg/topic/topic.go", old: "\t\treturn 2\n", new: "\t\treturn 1\n",
		in: "pkg/stream", test: "TestTwoReplicasMustHaveIt",
	},
	{
		name: "weak-topics-pass", breaks: "A topic that somebody made with min.insync.replicas 1 is not told from a safe one.",
		file: "pkg/stream/topics.go", old: "is.inSync > 0 && is.inSync < want", new: "is.inSync > want",
		in: "pkg/stream", test: "TestTwoReplicasMustHaveIt",
	},
	{
		name: "publish-does-not-wait", breaks: "Publish returns before Kafka has answered.",
		file: "pkg/stream/producer.go", old: "case <-at.batch.done:", new: "case <-at.batch.done:\n\t\tdefault:",
		in: "pkg/stream", test: "TestWhatDoesNotPass",
	},
	{
		name: "refusal-taken-for-success", breaks: "An error code in Kafka's answer counts as written.",
		file: "pkg/stream/sender.go", old: "return kafka.Error(a.ErrorCode)", new: "return nil",
		in: "pkg/stream", test: "TestWhatDoesNotPass",
	},
	{
		name: "silence-taken-for-success", breaks: "A partition that Kafka's answer leaves out counts as written.",
		file: "pkg/stream/sender.go", old: "return errNoAnswer", new: "return nil",
		in: "pkg/stream", test: "TestAnswerThatLeavesAPartitionOut",
	},
	{
		name: "unknown-error-gives-up", breaks: "An error on no list ends the batch instead of being tried again.",
		file: "pkg/stream/queue.go", old: "\tdefault:\n\t\treturn retry", new: "\tdefault:\n\t\treturn abandon",
		in: "pkg/stream", test: "TestWhatPasses",
	},
	{
		name: "retry-under-a-new-number", breaks: "What is sent again because its answer was lost is written again.",
		file: "pkg/stream/queue.go", old: "\tcase !errors.As(err, &code):\n\t\treturn retry", new: "\tcase !errors.As(err, &code):\n\t\treturn restamp",
		in: "pkg/stream", test: "TestLostAnswersRepeatNothing",
	},
	{
		name: "number-used-twice", breaks: "The batch after one that was given up has its sequence number, so Kafka acknowledges it and drops it.",
		file: "pkg/stream/queue.go", old: "{ q.banned = q.id }", new: "{}",
		in: "pkg/stream", test: "TestGivenUpBatchBansItsProducerID",
	},
	{
		name: "close-forgets", breaks: "Close does not wait for what is queued.",
		file: "pkg/stream/producer.go", old: "\tcase <-p.drained:\n\tcase <-ctx.Done():", new: "\tdefault:",
		in: "pkg/stream", test: "TestCloseWaitsForWhatIsQueued",
	},
}

// broker is the embedded one.
var broker = []mutation{
	{
		name: "answer-without-the-disk", breaks: "The embedded broker acknowledges what its disk did not take.",
		file: "pkg/broker/gate.go", old: "return errUnanswered", new: "return nil",
		in: "pkg/broker", test: "TestFailedSync",
	},
	{
		name: "half-a-refusal-passes", breaks: "The embedded broker acknowledges a batch that its disk did not take beside one that it refused.",
		file: "pkg/broker/gate.go", old: "return found > 0 && others == 0", new: "return found > others",
		in: "pkg/broker", test: "TestOnlyRefusalsPass",
	},
	{
		name: "refusals-withheld", breaks: "While its disk is full the embedded broker hangs up instead of saying so.",
		file: "pkg/broker/gate.go", old: "!refuses(to, answer) {", new: "true {",
		in: "pkg/broker", test: "TestFullDisk",
	},
	{
		name: "guard-refuses-nothing", breaks: "The embedded broker writes what it refuses, so that it is there again each time a sender repeats it.",
		file: "pkg/broker/gate.go", old: "{ return d.Err() != nil }", new: "{ return false }",
		in: "pkg/broker", test: "TestFailedSync",
	},
	{
		name: "failure-only-logged", breaks: "Writes of which kfake only logs that they failed are acknowledged.",
		file: "pkg/broker/gate.go", old: "l.disk.fail(fmt.Errorf(wrapping(format), args...))", new: "_ = wrapping",
		in: "pkg/broker", test: "TestOffsetsAndTopicsReachTheDisk",
	},
	{
		name: "sequences-remembered", breaks: "After a write that failed its repetition is acknowledged as a duplicate of what is not there.",
		file: "pkg/broker/reopen.go", old: "if b.disk == nil || !b.lapsed && b.disk.Err() == nil {", new: "if true {",
		in: "pkg/broker", test: "TestFullDisk",
	},
	{
		name: "no-fsync", breaks: "An acknowledged batch is only with the operating system.",
		file: "pkg/broker/flush.go", old: "f.err = sync()", new: "f.err = nil",
		in: "pkg/broker", test: "TestFailedSync",
	},
	{
		name: "torn-tail-hides-the-rest", breaks: "Unreadable bytes in the middle of a segment are cut off with all that follows.",
		file: "pkg/broker/mend.go", old: "if more || next > s.next && !gaps {", new: "if (more || next > s.next && !gaps) && false {",
		in: "pkg/broker", test: "TestDamageIsRefused",
	},
}
