package lifecycle

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestServeFinishesWhatItAnswers(t *testing.T) {
	l, err := Listen(t.Context(), "x.listen", "0")
	if err != nil {
		t.Fatal(err)
	}
	began, release := make(chan struct{}), make(chan struct{})
	server := &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(began)
		<-release
		_, _ = io.WriteString(w, "whole")
	})}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- Serve(server, l, func() { close(release) })(ctx) }()
	answer := make(chan string, 1)
	go func() {
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		res, err := client.Get("http://" + l.Addr().String())
		if err != nil {
			answer <- err.Error()
			return
		}
		defer res.Body.Close()
		body, _ := io.ReadAll(res.Body)
		answer <- string(body)
	}()
	<-began
	stop()
	if got := <-answer; got != "whole" {
		t.Errorf("the request in flight was answered %q", got)
	}
	if err := <-served; err != nil {
		t.Errorf("stop: %v", err)
	}
}

func TestListenRefusesATakenPort(t *testing.T) {
	l, err := Listen(t.Context(), "x.listen", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	second, err := Listen(t.Context(), "x.listen", l.Addr().String())
	if err == nil {
		second.Close()
		t.Fatal("a taken port was taken again")
	}
	for _, want := range []string{l.Addr().String(), "set x.listen", "another process"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
}
