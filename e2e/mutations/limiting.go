package main

const (
	httpapiPackage = "services/ingest/internal/httpapi"
	networkPackage = "services/ingest/internal/network"
)

// limiting is what a client network may take of ingest.
var limiting = []mutation{
	{
		name: "guesses-are-looked-at", breaks: "A right guess behind any number of wrong ones is taken.",
		file: httpapiPackage + "/guesses.go", old: "if wait <= 0 || x.hasTried(c) {", new: "if wait <= 0 || true {",
		in: httpapiPackage, test: "TestGuesses",
	},
	{
		name: "neighbours-are-locked-out", breaks: "A sender that has proven itself is refused for what its network guesses.",
		file: httpapiPackage + "/guesses.go", old: "!c.Presents() || x.hasProven(c) {", new: "!c.Presents() {",
		in: httpapiPackage, test: "TestProvenNeighbour",
	},
	{
		name: "any-signature-of-a-network", breaks: "A network that has proven one source may guess the signatures of all.",
		file: httpapiPackage + "/guesses.go", old: "for _, s := range auth.Meant(x.candidates, *c) {", new: "for _, s := range x.api.sources.All() {",
		in: httpapiPackage, test: "TestProvenNeighbour",
	},
	{
		name: "old-secret-is-guesses", breaks: "A sender that repeats one wrong secret locks out the others of its network.",
		file: httpapiPackage + "/guesses.go", old: "!c.Presents() || x.hasTried(c) {", new: "!c.Presents() {",
		in: httpapiPackage, test: "TestSameWrongSecret",
	},
	{
		name: "verify-tokens-are-free", breaks: "Tokens that verify an endpoint may be guessed without end.",
		file: httpapiPackage + "/items.go", old: "asked.Candidates, among = of, asked", new: "asked.Candidates, among = of, of",
		in: httpapiPackage, test: "TestVerifyTokensAreGuessed",
	},
	{
		name: "proxies-are-one-client", breaks: "All clients of a trusted proxy that names none share one limit.",
		file: httpapiPackage + "/api.go", old: "uncounted: slices.Concat(proxies, exempt)", new: "uncounted: slices.Concat(exempt)",
		in: httpapiPackage, test: "TestWhoGuessesNothing",
	},
	{
		name: "unproven-without-a-rate", breaks: "A client network posts as many unproven events as it likes.",
		file: httpapiPackage + "/unproven.go", old: "\tif ok {\n", new: "\tif ok || true {\n",
		in: httpapiPackage, test: "TestUnprovenPerNetwork",
	},
	{
		name: "flood-costs-the-server", breaks: "What pages of a network send is taken from what its servers may.",
		file: httpapiPackage + "/unproven.go", old: "x.facts.Trust != event.Unproven ||", new: "x.facts.Trust == event.Proven && false ||",
		in: httpapiPackage, test: "TestUnprovenPerNetwork",
	},
	{
		name: "table-without-an-end", breaks: "Each made-up network takes memory.",
		file: networkPackage + "/rates.go", old: "if r.holds(sum) || len(r.young)+len(r.old) < r.room {", new: "if r.holds(sum) || true {",
		in: networkPackage, test: "TestMadeUpNetworks",
	},
	{
		name: "forgotten-before-it-is-full", breaks: "A network gets a new bucket before its old one is full.",
		file: networkPackage + "/rates.go", old: "longest := 2 * r.fills()", new: "longest := r.fills() / 4",
		in: networkPackage, test: "TestForgettingIsNoDifference",
	},
	{
		name: "full-table-is-kept", breaks: "Many networks, each with what it may, pay for each other.",
		file: networkPackage + "/rates.go", old: "return at <= now }", new: "return false }",
		in: networkPackage, test: "TestManyNetworks",
	},
	{
		name: "a-site-is-many", breaks: "Each /64 of a site has a limit of its own, and the site none.",
		file: networkPackage + "/rates.go", old: "if n.narrow == n.wide {", new: "if n.narrow == n.wide || true {",
		in: networkPackage, test: "TestWiderNetwork",
	},
	{
		name: "nothing-kept-for-senders", breaks: "Strangers take all connections.",
		file: networkPackage + "/connections.go", old: "most -= c.Max / oneOf", new: "most -= 0",
		in: networkPackage, test: "TestKeptForSenders",
	},
	{
		name: "working-connection-makes-room", breaks: "A connection is closed for a new one while its request is answered.",
		file: networkPackage + "/connections.go", old: "\tcase http.StateActive:\n\t\tc.work(k)", new: "\tcase http.StateActive:",
		in: networkPackage, test: "TestIdleMakesRoom",
	},
	{
		name: "no-patience", breaks: "A connection makes room while its request is on its way.",
		file: networkPackage + "/connections.go", old: "time.Since(k.since) < patience", new: "time.Since(k.since) < 0",
		in: networkPackage, test: "TestIdleMakesRoom",
	},
	{
		name: "one-network-takes-all", breaks: "A client network has as many connections as there are.",
		file: networkPackage + "/connections.go", old: "full := own != nil && own.open >= c.PerNetwork", new: "full := own != nil && own.open < 0",
		in: networkPackage, test: "TestOneNetworkFull",
	},
	{
		name: "tls-hides-connections", breaks: "Over TLS connections that work make room as if they waited.",
		file: networkPackage + "/connections.go", old: "nc.(interface{ NetConn() net.Conn }); tls {", new: "nc.(interface{ NetConn() net.Conn }); tls && false {",
		in: "services/ingest/app", test: "TestConnectionsOverTLS",
	},
	{
		name: "refused-in-clear", breaks: "A client that speaks TLS is refused in words that it takes for another protocol.",
		file: networkPackage + "/listener.go", old: "if l.in.TLS {", new: "if l.in.TLS && false {",
		in: "services/ingest/app", test: "TestConnectionsOverTLS",
	},
	{
		name: "certificates-keep-nothing", breaks: "A sender that proves itself by its certificate has no part of the connections that are kept.",
		file: httpapiPackage + "/guesses.go", old: "if proven { //", new: "if proven && c.Presents() { //",
		in: httpapiPackage, test: "TestCertifiedSenderAmongConnections",
	},
}
