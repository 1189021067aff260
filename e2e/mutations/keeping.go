package main

// keeping is the ledger.
var keeping = []mutation{
	{
		name: "offsets-before-the-data", breaks: "The ledger's offsets are on the disk before what was read: a kill between them loses it.",
		file: "services/ledger/internal/index/disk/write.go", old: "		if err := w.add(r); err != nil {",
		new: "		if err := s.db.Set(nextKey(p.topic, p.partition), binary.AppendUvarint(nil, uint64(r.Offset+1)), pebble.Sync); err != nil {\n\t\t\treturn err\n\t\t}\n		if err := w.add(r); err != nil {",
		in:  "services/ledger/internal/index/disk", test: "TestStore",
	},
	{
		name: "offsets-of-none", breaks: "The ledger's offsets are not with the data: what was read is added again after a kill.",
		file: "services/ledger/internal/index/disk/write.go", old: "	for p, next := range w.next {\n		if err := w.batch.Set(", new: "	for p, next := range map[part]int64{} {\n		if err := w.batch.Set(",
		in: "services/ledger/internal/index/disk", test: "TestStore",
	},
	{
		name: "fates-counted-twice", breaks: "A fate that was written again after a crash is counted again in the books.",
		file: "services/ledger/internal/index/disk/write.go", old: "	if !k.has(f.Event.Offset) {", new: "	if true {",
		in: "services/ledger/internal/index/disk", test: "TestStore",
	},
	{
		name: "first-read-counts", breaks: "Of two fates of a record the one counts that was read first: a rebuild gives other figures.",
		file: "services/ledger/internal/index/disk/write.go", old: "	case f.Before(*before):", new: "	case false:",
		in: "services/ledger/internal/index/disk", test: "TestStore",
	},
	{
		name: "full-disk-is-met", breaks: "The ledger writes on until its disk is full, and ends.",
		file: "services/ledger/internal/index/disk/store.go", old: "	if free < s.reserve {", new: "	if false {",
		in: "services/ledger/internal/index/disk", test: "TestFull",
	},
	{
		name: "lost-end-goes-on", breaks: "A topic that lost its end is read on: other records that have the offsets are never seen.",
		file: "services/ledger/internal/reader/reader.go", old: "		stop(ErrTruncated)\n", new: "",
		in: "services/ledger/internal/reader", test: "TestTruncated",
	},
	{
		name: "anew-is-the-same", breaks: "A topic that was made anew is taken for the one before: its first records are never seen.",
		file: "services/ledger/internal/reader/reader.go", old: "	if state.ID != b.Topic {", new: "	if state.ID == \"\" {",
		in: "services/ledger/internal/reader", test: "TestMadeAnew",
	},
	{
		name: "api-for-everybody", breaks: "Another user of the machine reads what became of every event.",
		file: "pkg/admin/server.go", old: "r.With(s.guard.Private).Mount(path, h)", new: "r.Mount(path, h)",
		in: "pkg/admin", test: "TestMount",
	},
}
