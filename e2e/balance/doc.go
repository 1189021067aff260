// Package balance says after a run whether the promise held: each event that was answered 2xx (package load) has one fate.
//
//	accepted = delivered + dead + dropped by policy + in flight, lost 0
//
// It compares what was acknowledged with what others than the services' own metrics say: what the sandbox received, and what is
// on the topics `outcomes` and `deadletters`. Beside that it says what no promise forbids, and operators want to know: how often
// Meta got an event twice, how long a partition stood still, and how long each fault was felt. The suites of e2e call it; it
// refuses to send, to break and to wait.
package balance
