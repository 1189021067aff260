package main

// guarding is who may change something at a running process, and what of it is recorded.
var guarding = []mutation{
	{
		name: "any-user-of-the-machine", breaks: "Another user of the machine may set the log level and make the sandbox forget.",
		file: "pkg/admin/guard.go", old: "uid != g.user && uid != 0", new: "uid < 0",
		in: "pkg/admin", test: "TestGuard",
	},
	{
		name: "closed-socket-is-roots", breaks: "Who closes the connection before he is looked up is taken for root.",
		file: "pkg/admin/peer_linux.go", old: "|| columns[inode] == \"0\"", new: "|| columns[inode] == \"\"",
		in: "pkg/admin", test: "TestOwnerOf",
	},
	{
		name: "no-descriptor-no-lock", breaks: "Where it cannot be found out who asks, whoever is on the machine may change something.",
		file: "pkg/admin/guard.go", old: "case errors.Is(err, errNoTable):", new: "case errors.Is(err, errNoTable) || err != nil:",
		in: "pkg/admin", test: "TestGuard",
	},
	{
		name: "proxy-speaks-for-all", breaks: "What a proxy on the machine carries for others counts as its user's.",
		file: "pkg/admin/guard.go", old: "!known || !p.here() || isForwarded(r)", new: "!known || !p.here()",
		in: "pkg/admin", test: "TestGuard",
	},
	{
		name: "rebound-name", breaks: "A page whose own name leads here is served.",
		file: "pkg/admin/address.go", old: "return slices.Contains(g.names, name) ||", new: "return name != \"\" ||",
		in: "pkg/admin", test: "TestPages",
	},
	{
		name: "any-origin", breaks: "A page of another address may change something.",
		file: "pkg/admin/address.go", old: "!strings.EqualFold(host, r.Host)", new: "host == \"\"",
		in: "pkg/admin", test: "TestPages",
	},
	{
		name: "empty-token", breaks: "A token whose file was deleted is an empty one, which anybody has.",
		file: "pkg/admin/guard.go", old: " && text != \"\"", new: "",
		in: "pkg/admin", test: "TestTokens",
	},
	{
		name: "sandbox-without-a-guard", breaks: "The sandbox shows its events to any page.",
		file: "services/sandbox/app/routes.go", old: "r.With(guard.Private)", new: "r",
		in: "services/sandbox/app", test: "TestPages",
	},
	{
		name: "operators-ports-for-all", breaks: "Where the configuration says nothing, an operators' port is of every address.",
		file: "pkg/config/default.go", old: "Admin: \"127.0.0.1:9082\"", new: "Admin: \":9082\"",
		in: "pkg/config", test: "TestOperatorsPorts",
	},
	{
		name: "revealed-unrecorded", breaks: "Values are shown though nothing is recorded of it.",
		file: "services/omnicapi/internal/operation/operation.go", old: "\tif err := l.record(ctx, o); err != nil {", new: "\tif err := l.record(ctx, o); false && err != nil {",
		in: "services/omnicapi", test: "TestNothingUnrecorded",
	},
	{
		name: "end-unrecorded", breaks: "How an operation ended is not recorded.",
		file: "services/omnicapi/internal/operation/operation.go", old: "l.record(context.WithoutCancel(ctx), o)", new: "error(nil)",
		in: "services/omnicapi", test: "TestOperationsAreRecorded",
	},
	{
		name: "event-id-for-90-days", breaks: "The record of a replay names the event, whose id may name a person.",
		file: "services/omnicapi/operations.go", old: "all[\"event-id\"] = \"given\"", new: "all[\"event-id\"] = f.EventID",
		in: "services/omnicapi", test: "TestOperationsAreRecorded",
	},
}
