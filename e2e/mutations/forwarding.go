package main

const (
	lanePackage = "services/forwarder/internal/lane"
	fatePackage = "services/forwarder/internal/fate"
)

// deciding is what the forwarder makes of Meta's answers.
var deciding = []mutation{
	{
		name: "partial-counts-as-delivered", breaks: "Meta counted fewer events than were sent, and all are delivered.",
		file: "pkg/capi/classify.go", old: "if received < sent {", new: "if received < 0 {",
		in: "pkg/capi", test: "TestClassifyBodies",
	},
	{
		name: "no-answer-counts-as-delivered", breaks: "A POST without an answer counts as delivered.",
		file: "pkg/capi/classify.go", old: "return Answer{Class: Transient, EventIndex: -1}", new: "return Answer{Class: OK, EventIndex: -1}",
		in: "pkg/capi", test: "TestClassifyError",
	},
	{
		name: "outage-kills-events", breaks: "A fault that passes ends events.",
		file: lanePackage + "/answer.go", old: "default: // transient, throttle\n\t\ta.pause(p)",
		new: "default: // transient, throttle\n\t\ta.isolate(p, fault.UnknownCode)",
		in:  lanePackage, test: "TestTransientHour",
	},
	{
		name: "isolate-drops-the-rest", breaks: "The events beside one that Meta refuses are forgotten.",
		file: lanePackage + "/part.go", old: "p.withEvents(p.Events[named : named+1]), p.withEvents(others)}", new: "p.withEvents(p.Events[named : named+1]), p.withEvents(others[:0])}",
		in: lanePackage, test: "TestNamedEvent",
	},
	{
		name: "kinds-cut-batches", breaks: "An old store row now and then cuts all batches to a few events.",
		file: lanePackage + "/queue.go", old: " && q.roots < q.room-1 {", new: " {",
		in: lanePackage, test: "TestKindsFillTheirBatches",
	},
	{
		name: "expiry-ignored", breaks: "An event is kept, and posted, after its deadline.",
		file: "services/forwarder/internal/batch/event.go", old: "return e.Deadline <= At(now)", new: "return e.Deadline <= 0",
		in: lanePackage, test: "TestExpiresOnTime",
	},
	{
		name: "dedup-forgets", breaks: "A repeat of what was delivered is sent again.",
		file: "services/forwarder/internal/dedup/verdict.go", old: "return Duplicate, 0, c.knownAs(deliveredFate, content)", new: "return New, 0, c.knownAs(open, content)",
		in: "services/forwarder/internal/dedup", test: "TestFilterModel",
	},
	{
		name: "corrected-resend-dropped", breaks: "The correction of an event that ended under another owner is dropped as a duplicate.",
		file: "services/forwarder/internal/dedup/verdict.go", old: "if same && !died && !c.Replay {", new: "if !died && !c.Replay {",
		in: lanePackage, test: "TestResendAfterTakeover",
	},
	{
		name: "replay-forgets-what-died", breaks: "A repeat that waits is dropped as a duplicate, for a replay took what had died out of its list.",
		file: "services/forwarder/internal/dedup/verdict.go", old: "case r.known.fate() == open:", new: "case false:",
		in: "services/forwarder/internal/dedup", test: "TestAgainKnowsWhatDied",
	},
	{
		name: "guess-makes-a-duplicate", breaks: "An unproven sender that guesses an id has the event of it dropped as a duplicate.",
		file: "services/forwarder/internal/dedup/verdict.go", old: "return earlier.unproven() && !c.Unproven || c.Replay", new: "return c.Replay",
		in: lanePackage, test: "TestGuessedIDs",
	},
	{
		name: "history-forgets-trust", breaks: "After a takeover a guess makes a duplicate of the event whose id it guessed.",
		file: lanePackage + "/read.go", old: "Unproven: s.Trust == event.Unproven,", new: "Unproven: false,",
		in: lanePackage, test: "TestGuessedIDs",
	},
	{
		name: "proven-waits-for-a-guess", breaks: "A proven repeat waits for an unproven one, and is dropped when that is delivered.",
		file: lanePackage + "/hold.go", old: "if sent != nil && (r.unproven || !sent.unproven) {", new: "if sent != nil {",
		in: lanePackage, test: "TestGuessWhileItsEventIsOnItsWay",
	},
	{
		name: "repeat-of-the-dead-dropped", breaks: "A repeat that waited for an event which then died is dropped with it.",
		file: lanePackage + "/hold.go", old: "\t\tif delivered {\n", new: "\t\tif delivered || true {\n",
		in: lanePackage, test: "TestRepeatOfWhatThenDies",
	},
	{
		name: "held-repeat-forgotten", breaks: "A repeat that waited for the end of another ends in no fate.",
		file: lanePackage + "/hold.go", old: "h.decided = append(h.decided, r)", new: "_ = r",
		in: lanePackage, test: "TestRepeatOfWhatThenDies",
	},
}

// ending is how the forwarder records fates and settles.
var ending = []mutation{
	{
		name: "settled-before-its-answer", breaks: "A batch is settled when it is posted.",
		file: lanePackage + "/dispatch.go", old: "\tp.attempts++\n",
		new: "\tp.attempts++\n\tfor i := range p.Events {\n\t\tp.Events[i].Chunk.SettleRun(p.Events[i].Index, 1)\n\t}\n",
		in:  lanePackage, test: "TestDrainEnds",
	},
	{
		name: "settled-before-its-fate", breaks: "Events are settled before their fates are on Kafka.",
		file: fatePackage + "/writer.go", old: "if !w.publish(ctx, b.recordsOf(r, &w.cfg)) {", new: "if settleRuns(r.Events); !w.publish(ctx, b.recordsOf(r, &w.cfg)) {",
		in: lanePackage, test: "TestFatesCannotBeWritten",
	},
	{
		name: "fate-dropped", breaks: "A delivered event is in no outcome.",
		file: fatePackage + "/records.go", old: "b.outcome.Add(r.Events[i].Facts, e)", new: "if e.Fate == fault.Dead {\n\t\t\tb.outcome.Add(r.Events[i].Facts, e)\n\t\t}",
		in: fatePackage, test: "TestWrite",
	},
	{
		name: "refused-without-a-letter", breaks: "An event that Meta refuses leaves no dead letter.",
		file: fatePackage + "/records.go", old: "if e.Fate == fault.Dead {", new: `if e.Fate == "" {`,
		in: fatePackage, test: "TestWrite",
	},
	{
		name: "retry-that-gives-up", breaks: "Fates that Kafka does not take are given up after three tries.",
		file: "pkg/backoff/backoff.go", old: "if err == nil || ctx.Err() != nil {", new: "if err == nil || ctx.Err() != nil || failures == 3 {",
		in: lanePackage, test: "TestFatesCannotBeWritten",
	},
	{
		name: "lane-goes-on", breaks: "The lane posts on while fates cannot be written.",
		file: lanePackage + "/dispatch.go", old: "for !d.settler.failing() && d.gate", new: "for d.gate",
		in: lanePackage, test: "TestFateThatCannotBeWrittenStopsTheLane",
	},
	{
		name: "stop-forgets-posts", breaks: "A stop does not wait for the POSTs that are out, so they are made again.",
		file: lanePackage + "/lane.go", old: "\tw.finish(drain)\n", new: "",
		in: lanePackage, test: "TestStopFinishesPosts",
	},
	{
		name: "stop-leaves-a-split-batch", breaks: "A stop leaves a batch of which an event was refused in the middle, so what was delivered behind it is sent again.",
		file: lanePackage + "/window.go", old: "\t\tw.dispatcher.finish(drain, time.Now())\n", new: "\t\t_, _ = drain, time.Now\n",
		in: lanePackage, test: "TestStopFinishesIsolating",
	},
	{
		name: "stop-forgets-repeats", breaks: "A stop leaves repeats of what it has just ended without a fate, so what was delivered behind them is sent again.",
		file: lanePackage + "/window.go", old: "\t\tw.reader.finish(time.Now())\n", new: "",
		in: lanePackage, test: "TestStopEndsRepeats",
	},
	{
		name: "settled-before-its-answer-under-kill", breaks: "A batch is settled when it is posted, so that a kill before the answer loses it.",
		file: lanePackage + "/dispatch.go", old: "\tp.attempts++\n",
		new: "\tp.attempts++\n\tfor i := range p.Events {\n\t\tp.Events[i].Chunk.SettleRun(p.Events[i].Index, 1)\n\t}\n",
		in:  "e2e", test: "TestCrashPoints", timeout: "5m",
	},
	{
		name: "zombie-posts", breaks: "A process that another has replaced posts what it still holds.",
		file: lanePackage + "/dispatch.go", old: "d.owner.sure() {\n\t\tp := d.queue.pop(now", new: "(d.owner.sure() || true) {\n\t\tp := d.queue.pop(now",
		in: lanePackage, test: "TestZombiePostsNothing",
	},
}

// parking is what the forwarder does when nobody but a person can help.
var parking = []mutation{
	{
		name: "wrong-token-kills-events", breaks: "A token that Meta refuses ends the events that were posted with it.",
		file: lanePackage + "/answer.go", old: "\tcase capi.Setup:\n\t\ta.queue.front(p.part)\n", new: "\tcase capi.Setup:\n\t\ta.isolate(p, fault.Refused)\n",
		in: lanePackage, test: "TestWrongToken",
	},
	{
		name: "park-that-burns", breaks: "A lane that is parked for refusals ends the events of its probes.",
		file: lanePackage + "/isolate.go", old: "if i.gate.ParkedFor(gate.Refused) && !p.answer.EventFault {", new: "if i.gate.ParkedFor(gate.Refused) && false {",
		in: lanePackage, test: "TestSystemicRefusal",
	},
	{
		name: "systemic-refusal-burns", breaks: "A systemic refusal empties the topic into dead letters.",
		file: lanePackage + "/isolate.go", old: "i.refusals.inRow >= maxRefusals {", new: "i.refusals.inRow < 0 {",
		in: lanePackage, test: "TestSystemicRefusal",
	},
	{
		name: "token-never-read-again", breaks: "A token that was put right is not noticed.",
		file: "pkg/config/secret.go", old: "s.nextLook = now.Add(s.look(now))", new: "s.nextLook = now.Add(lookEvery)",
		in: "pkg/config", test: "TestSecretFollowsItsFile",
	},
	{
		name: "half-a-token-taken", breaks: "A token file that is being written is taken as it is.",
		file: "pkg/config/secret.go", old: "if !settled {", new: "if false && !settled {",
		in: "pkg/config", test: "TestSecretIgnoresAHalfWrittenFile",
	},
	{
		name: "park-without-end", breaks: "A parked lane does not notice that its credentials have changed.",
		file: "services/forwarder/internal/gate/park.go", old: "v != g.refused {", new: "v != g.refused && v == 0 {",
		in: lanePackage, test: "TestWrongToken",
	},
}
