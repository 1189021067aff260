// Package e2e tests from outside that the pipeline keeps what README promises: with real binaries, a real broker and the
// sandbox in Meta's place. It refuses to look inside a service: it posts events, kills processes, reads topics and asks
// the sandbox. Nothing imports it.
package e2e
