package httpapi

import (
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
)

// allowance bounds what a request makes on Kafka by what it sent: each event of a request has the facts of its request, and
// compressed a thousand events may be some hundred bytes.
type allowance struct{ factor, floor int }

// allowances are by what the request showed of its sender, twice and more what batches take that anybody makes (TestCommonBatchesPass):
// a page's events take nine times what it sends, sixty times if it compresses them; a server's, where hardly more than a number
// tells one from the next, two hundred times.
var allowances = map[event.Trust]allowance{
	event.Unproven: {factor: 128, floor: 128 << 10},
	event.Proven:   {factor: 512, floor: 4 << 20},
}

// of returns how many bytes of records a request of so many bytes may make.
func (a allowance) of(sent int) int { return a.floor + a.factor*sent }

// checkCost refuses what would make more than its sender may. One event is always taken: it repeats nothing.
func (x *exchange) checkCost() *receive.Refusal {
	if len(x.batch.Items) < 2 {
		return nil
	}
	if x.work.Measure(x.source, &x.facts, &x.batch) > allowances[x.facts.Trust].of(x.sent) {
		return receive.TooCostly()
	}
	return nil
}

// headBytes is what a request sent before its body: its first line and its headers.
func headBytes(r *http.Request) int {
	n := len(r.Method) + len(r.RequestURI) + len(r.Host) + len(" HTTP/1.1\r\nHost: \r\n\r\n")
	for name, values := range r.Header {
		for _, v := range values {
			n += len(name) + len(v) + len(": \r\n")
		}
	}
	return n
}
