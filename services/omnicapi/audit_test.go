package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/kafkatest"
	"github.com/omnicapi/omnicapi/pkg/stream"
)

// TestAudit: what has ended adds up; an outcome that is missing is named, with its dataset, event and hour, and the exit code is 1.
func TestAudit(t *testing.T) {
	p := newPipeline(t)
	client := kafkatest.Client(t)
	kafkatest.Create(t, client, p.names, 2, "shop")
	command(t, "audit", "-c", p.file).mustExit(t, 0).mustSay(t, "ACCEPTED", "0")
	p.publish(t, p.raw("e-1", "website", "website", "CANARY"), p.raw("e-2", "website", "website", "CANARY"), p.signal("e-1", "CANARY"), p.signal("e-2", "CANARY"))
	command(t, "audit", "-c", p.file).mustExit(t, 0) // nobody has consumed them

	delivered := event.Outcome{
		BatchID: "batch-1", Stage: fault.Forwarder, Dataset: "shop", StartedAt: failedAt, EndedAt: failedAt.Add(time.Second),
		Events: []event.EventFate{{
			ID: "e-1", Name: "Purchase", Channel: "website", Source: "website", Trust: event.Proven, Value: "12.5", Currency: "EUR", Fate: fault.Delivered,
			Topic: p.names.Signals("shop"),
		}},
	}
	p.publish(t, delivered.Records(p.names.Outcomes())...)
	for service, topic := range map[string]string{"normalizer": p.names.Events("website"), "forwarder": p.names.Signals("shop")} {
		ends := map[int]int64{}
		err := client.Scan(t.Context(), topic, time.Time{}, func(r *stream.Record) error {
			ends[r.Partition] = r.Offset + 1
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		kafkatest.Commit(t, p.names.Group(service, topic), topic, ends)
	}
	o := command(t, "audit", "-c", p.file, "--by", "source").mustExit(t, 1)
	o.mustSay(t, "website", "2026-11-24 12", "Purchase", "e-2", "trace EVENT_ID", "12.50")
	if strings.Contains(o.out, "CANARY") || strings.Contains(o.out, "e-1") {
		t.Error(o.out)
	}
	o = command(t, "audit", "-c", p.file, "--by", "hour", "--output", "json").mustExit(t, 1)
	var got []string
	for line := range strings.Lines(o.out) {
		var l auditLine
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		switch {
		case l.Group != nil:
			got = append(got, l.Group.Key)
		case l.Total != nil && l.Total.Accepted == 2 && l.Total.Delivered == 1 && l.Total.Gap == 1 && l.Total.Values["EUR"].Delivered == "12.50":
			got = append(got, "total")
		case l.Gap != nil:
			got = append(got, "gap "+strings.Join(l.Gap.Examples, " "))
		}
	}
	if want := "2026-11-24T12:00:00Z, total, gap e-2"; strings.Join(got, ", ") != want {
		t.Errorf("%s, want %s\n%s", got, want, o.out)
	}
	command(t, "audit", "-c", p.file, "--since", "2026-11-25").mustExit(t, 0)
	command(t, "audit", "-c", p.file, "--until", "2026-11-24T11:00:00Z").mustExit(t, 0)
	command(t, "audit", "-c", p.file, "--since", "1h", "--until", "2h").mustExit(t, 2).mustSay(t, "--since is not before --until")
	command(t, "audit", "-c", p.file, "--by", "shoe").mustExit(t, 2)
}
