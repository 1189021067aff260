package main

import (
	"context"
	"errors"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestReport: each mutation is named before it runs, what is missed makes an error, and a stop tells what was done so far.
func TestReport(t *testing.T) {
	three := []mutation{{name: "one"}, {name: "two"}, {name: "three"}}
	ctx, stop := context.WithCancel(t.Context())
	tests := map[string]struct {
		run  func(context.Context, *mutation) error
		want []string
		err  bool
	}{
		"all caught": {
			run:  func(context.Context, *mutation) error { return nil },
			want: []string{"1 of 3  one", "3 of 3  three", "3 of 3 mutations caught"},
		},
		"one missed": {
			run: func(_ context.Context, m *mutation) error {
				if m.name == "two" {
					return errors.New("it passes")
				}
				return nil
			},
			want: []string{"NOT CAUGHT", "it passes", "2 of 3 mutations caught", "not caught: two"}, err: true,
		},
		"stopped": {
			run: func(_ context.Context, m *mutation) error {
				if m.name == "two" {
					stop()
					return context.Canceled
				}
				return nil
			},
			want: []string{"2 of 3  two", "stopped", "1 of 3 mutations caught"}, err: true,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			own := t.Context()
			if name == "stopped" {
				own = ctx
			}
			var out strings.Builder
			if err := report(own, three, tt.run, &out); (err != nil) != tt.err {
				t.Errorf("error %v", err)
			}
			for _, want := range tt.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("no %q in\n%s", want, &out)
				}
			}
		})
	}
}

// TestTogether: nothing that a command started outlives it, and nothing that holds its output open is waited for.
func TestTogether(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there are no process groups")
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out, _ := together(exec.CommandContext(ctx, "sh", "-c", "sleep 600 & echo $!"))
	pid := strings.TrimSpace(string(out))
	if pid == "" || ctx.Err() != nil {
		t.Fatalf("wrote %q; %v", out, ctx.Err())
	}
	for exec.CommandContext(t.Context(), "kill", "-0", pid).Run() == nil {
		select {
		case <-ctx.Done():
			t.Fatal("what it started goes on")
		case <-time.After(20 * time.Millisecond):
		}
	}
}
