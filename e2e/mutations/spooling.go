package main

// spooling is what ingest keeps while Kafka takes nothing.
var spooling = []mutation{
	{
		name: "spool-acknowledges-before-fsync", breaks: "An event is acknowledged while the spool's file is only with the operating system.",
		file: "services/ingest/internal/spool/file.go", old: "NoSync:         false,", new: "NoSync:         true,",
		in: "services/ingest/internal/spool", test: "TestAcknowledgedMeansOnTheDisk",
	},
	{
		name: "spool-acknowledges-before-it-writes", breaks: "An event is acknowledged before the spool's file has it.",
		file: "services/ingest/internal/spool/commit.go", old: "\theld, err := s.store.put(values)",
		new: "\tfor _, e := range group {\n\t\te.done <- nil\n\t}\n\theld, err := s.store.put(values)",
		in:  "services/ingest/internal/spool", test: "TestAcknowledgedOnlyOnceWritten",
	},
	{
		name: "spool-hides-its-disk", breaks: "An event is acknowledged though the spool's disk did not take it.",
		file: "services/ingest/internal/spool/commit.go", old: "e.done <- err", new: "e.done <- nil",
		in: "services/ingest/internal/spool", test: "TestFullDisk",
	},
	{
		name: "spool-forgets-what-kafka-did-not-answer", breaks: "An event leaves the spool though Kafka has not acknowledged it.",
		file: "services/ingest/internal/spool/drain.go", old: "\treturn \"\", false", new: "\treturn \"\", true",
		in: "services/ingest/internal/spool", test: "TestUnavailableStays",
	},
	{
		name: "spool-drops-what-kafka-refuses", breaks: "An event that Kafka refuses leaves the spool instead of being tried again.",
		file: "services/ingest/internal/spool/drain.go", old: "aside = append(aside, it)", new: "done = append(done, it)",
		in: "services/ingest/internal/spool", test: "TestRefusedIsSetAside",
	},
	{
		name: "spool-of-anybody", breaks: "The events of another installation's spool go to this one's Kafka.",
		file: "services/ingest/internal/spool/installation.go", old: "i.ClusterID != \"\" && ours.ClusterID != \"\"", new: "false",
		in: "services/ingest/internal/spool", test: "TestAnotherInstallation",
	},
	{
		name: "spool-passes-over-damage", breaks: "A spool with an event that cannot be read is opened as if it were whole.",
		file: "services/ingest/internal/spool/file.go", old: "unreadable > 0 || got != want", new: "unreadable > 0 && got != want",
		in: "services/ingest/internal/spool", test: "TestTornTail",
	},
	{
		name: "spool-publishes-again", breaks: "What Kafka has acknowledged stays in the spool while another part of its batch is not answered.",
		file: "services/ingest/internal/spool/drain.go", old: "if len(done)+len(aside) == 0 {", new: "if len(done)+len(aside) < len(items) {",
		in: "services/ingest/internal/spool", test: "TestUnavailableStays",
	},
	{
		name: "spool-comes-too-late", breaks: "Kafka has the whole deadline of a request, so that none is left for the spool.",
		file: "services/ingest/internal/accept/once.go", old: "a.deadline-min(diskReserve, a.deadline/2)", new: "a.deadline",
		in: "services/ingest/internal/accept", test: "TestSpooled",
	},
	{
		name: "everybody-is-spooled", breaks: "Senders that repeat fill the spool of those that never do.",
		file: "services/ingest/internal/accept/accept.go", old: "if a.once != nil && f.Once {", new: "if a.once != nil {",
		in: "services/ingest/internal/accept", test: "TestSpooled",
	},
}
