// Package gate says how many POSTs of a lane may run now: as many as configured, fewer near Meta's rate limits, one to try
// whether Meta is back, none while the lane is paused or parked.
//
// The lane asks its Gate before each POST and tells it of each answer; nobody else calls it. Its states:
//
//	open     as many POSTs as configured; near Meta's limits fewer, at a pace (usage.go, pace.go)
//	paused   none until a time, after an answer that asks to wait or a fault that will pass (pause.go)
//	trial    one, after a pause: Meta's next good answer opens the gate (reopen.go)
//	parked   none but a probe now and then: a person must act (park.go)
//
// The package has no goroutine and no clock of its own, decides nothing about events, and refuses to count retries. It shows
// its state in metrics and in the log.
package gate
