package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

// strangerTries is the environment variable that makes this test binary try what it lists, and nothing else: a test starts it as
// another user of the machine.
const strangerTries = "OMNICAPI_E2E_STRANGER"

// try is one thing that another user tries. Do is list, read, append or create (Target is a path), a method of HTTP (a URL), or
// abandon: Body is sent to the address Target, and the connection closed before anybody can look whose it is.
type try struct {
	Do     string      `json:"do"`
	Target string      `json:"target"`
	Body   string      `json:"body,omitempty"`
	Header http.Header `json:"header,omitempty"`
}

// denied is what came of a try that the system did not let happen; else it is "done", an error's text, or an HTTP status.
const denied = "denied"

// beStranger tries what the variable lists and prints what came of each, one a line.
func beStranger(list string) (exit int) {
	var tries []try
	if err := json.Unmarshal([]byte(list), &tries); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	for _, t := range tries {
		fmt.Println(t.come())
	}
	return 0
}

func (t try) come() string {
	switch t.Do {
	case "list":
		_, err := os.ReadDir(t.Target)
		return cameOf(err)
	case "read":
		_, err := os.ReadFile(t.Target)
		return cameOf(err)
	case "append", "create":
		flags := os.O_WRONLY | os.O_APPEND
		if t.Do == "create" {
			flags |= os.O_CREATE | os.O_EXCL
		}
		f, err := os.OpenFile(t.Target, flags, 0o600)
		if err == nil {
			err = f.Close()
		}
		return cameOf(err)
	case "abandon":
		c, err := net.Dial("tcp", t.Target)
		if err == nil {
			_, err = c.Write([]byte(t.Body))
			err = errors.Join(err, c.Close())
		}
		return cameOf(err)
	}
	req, err := http.NewRequest(t.Do, t.Target, strings.NewReader(t.Body))
	if err != nil {
		return cameOf(err)
	}
	req.Header = t.Header
	if req.Header == nil {
		req.Header = http.Header{}
	}
	res, err := (&http.Client{Timeout: 30 * time.Second}).Do(req)
	if err != nil {
		return cameOf(err)
	}
	defer res.Body.Close()
	return strconv.Itoa(res.StatusCode)
}

func cameOf(err error) string {
	switch {
	case err == nil:
		return "done"
	case errors.Is(err, fs.ErrPermission):
		return denied
	}
	return strings.ReplaceAll(err.Error(), "\n", " ")
}

// hostOf is the host and port of a URL.
func hostOf(target string) string {
	u, err := url.Parse(target)
	if err != nil {
		return target
	}
	return u.Host
}
