// Package load sends events to ingest as real senders do, and knows what was promised for each of them: the soak and every
// suite of faults runs under it. Its senders speak several formats for several datasets, number what they send, and repeat what
// was refused or not answered with the same bytes. Some events are made to be dropped by policy and some to die, so that a
// balance of the run has every term. It refuses to know faults, and how events end: package balance compares the two.
//
//	completes the configuration:  Sources(), Secrets()   the sources that the senders post to
//	starts the senders:           l := Start(Options{…})
//	ends them:                    l.Stop(ctx)            repeats what is open until it is answered
//	what was promised:            l.Ledger().Entries()
package load
