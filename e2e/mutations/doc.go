// Command mutations breaks the promise on purpose, one way after the other, and says which break no test sees.
//
//	go run ./e2e/mutations [NAME…]   all of them, or some
//	go run ./e2e/mutations -list     what there is
//
// A mutation replaces one text of one file, for the compiler only (go build -overlay): the tree stays as it is. It must compile,
// and its test must fail; before that the test must have passed without it. One runs at a time, for a quarter of an hour at most; a
// stop (Ctrl-C) ends what was started and tells what was caught so far. The exit code is 0 if every mutation is caught. It takes
// minutes, so it runs once a week; that each still finds its text, go test says at once.
package main
