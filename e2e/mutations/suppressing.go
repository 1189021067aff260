package main

// suppressing is who of the suppressed persons may get past.
var suppressing = []mutation{
	{
		name: "suppressed-normalized", breaks: "The normalizer does not ask for suppressed persons.",
		file: "services/normalizer/internal/handle/suppress.go", old: "if h.suppressed.Len() == 0 {", new: "if h.suppressed.Len() >= 0 {",
		in: "services/normalizer/internal/handle", test: "TestSuppressed",
	},
	{
		name: "suppressed-posted", breaks: "Who was suppressed while his event waited is posted.",
		file: "services/forwarder/internal/lane/dispatch.go", old: "\td.settler.suppress(p, now)\n", new: "",
		in: "services/forwarder/internal/lane", test: "TestSuppressedBeforeThePost",
	},
	{
		name: "suppressed-letter", breaks: "A suppressed person's event whose time is over becomes a dead letter.",
		file: "services/forwarder/internal/lane/settle.go", old: "\tif batch.At(now) >= p.deadline {", new: "\tif batch.At(now) >= p.deadline && false {",
		in: "services/forwarder/internal/lane", test: "TestSuppressedWhileItWaits",
	},
	{
		name: "suppressed-repeat-waits", breaks: "The repeat of a suppressed person's event waits for ever.",
		file: "services/forwarder/internal/lane/read.go", old: "if end.Reason == fault.Duplicate {", new: "if end.Fate == fault.Dropped {",
		in: "services/forwarder/internal/lane", test: "TestSuppressedWhileItWaits",
	},
	{
		name: "before-the-list", breaks: "Events are handled before it is known who is suppressed.",
		file: "pkg/suppression/reader.go", old: "\t\tcase <-r.known:\n\t\t\treturn run(ctx)", new: "\t\tdefault:\n\t\t\treturn run(ctx)",
		in: "pkg/suppression", test: "TestNothingBeforeTheList",
	},
	{
		name: "tombstone-ignored", breaks: "Who was taken off the list stays on it.",
		file: "pkg/suppression/list.go", old: "\tif s.Removed {", new: "\tif false {",
		in: "pkg/suppression", test: "TestHistory",
	},
}
