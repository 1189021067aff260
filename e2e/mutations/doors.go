package main

// doors are breaks of what keeps strangers out: certificates, and the embedded broker's password.
var doors = []mutation{
	{
		name: "any-certificate", breaks: "A client certificate of another source, or of none, proves a source.",
		file: "services/ingest/internal/auth/account.go", old: "return slices.Contains(a.Names, n)", new: "return len(a.Names) > 0",
		in: "services/ingest/internal/auth", test: "TestFindByCertificate",
	},
	{
		name: "certificate-over-secret", breaks: "A right certificate makes a wrong secret right.",
		file: "services/ingest/internal/auth/find.go", old: "server = a.Secrets.holds(presented)", new: "server = a.Secrets.holds(presented) || a.certified(c.Certificate)",
		in: "services/ingest/internal/auth", test: "TestFindByCertificate",
	},
	{
		name: "certificate-unverified", breaks: "A client certificate that any authority has issued, or that has expired, counts.",
		file: "services/ingest/internal/certificate/files.go", old: "tls.VerifyClientCertIfGiven", new: "tls.RequestClientCert",
		in: "services/ingest/internal/certificate", test: "TestClients",
	},
	{
		name: "certificate-for-ever", breaks: "A certificate whose authority was taken out of the file counts at open connections.",
		file: "services/ingest/internal/certificate/names.go", old: "issuers[string(chain[len(chain)-1].Raw)]", new: "issuers != nil",
		in: "services/ingest/internal/certificate", test: "TestOpenConnections",
	},
	{
		name: "common-name-beside-names", breaks: "The common name counts beside the names that the authority has looked at.",
		file: "services/ingest/internal/certificate/names.go", old: "if len(names) == 0 && c.Subject", new: "if c.Subject",
		in: "services/ingest/app", test: "TestCertificates",
	},
	{
		name: "broken-pair-served", breaks: "A certificate that has expired takes the place of a good one.",
		file: "services/ingest/internal/certificate/files.go", old: "return pair, config.ValidAt(pair.Leaf, now)", new: "return pair, nil",
		in: "services/ingest/internal/certificate", test: "TestRenewed",
	},
	{
		name: "broker-without-password", breaks: "The embedded broker asks for no password.",
		file: "pkg/broker/broker.go", old: "if !b.options.Open {", new: "if false {",
		in: "pkg/broker", test: "TestPassword",
	},
	{
		name: "password-that-kfake-kept", breaks: "A password that was replaced goes on opening the embedded broker, and the new one does not.",
		file: "pkg/broker/password.go", old: `"sasl.json"`, new: `"sasl.old"`,
		in: "pkg/broker", test: "TestPasswordOfAnOldFolder",
	},
	{
		name: "guests-ask", breaks: "Who has not logged in makes the embedded broker take memory for whatever request it announces.",
		file: "pkg/broker/conn.go", old: "served.frame.guest.Store(true)", new: "served.frame.guest.Store(false)",
		in: "pkg/broker", test: "TestGuests",
	},
}
