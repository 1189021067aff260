// Package e2e holds the promise from outside: real binaries, a real broker, the sandbox in Meta's place. Nothing imports
// it. It refuses to look inside a service: it posts, kills, reads topics and asks the sandbox.
package e2e
