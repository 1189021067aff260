package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/kafkatest"
)

// TestTrace: trace shows every stage of an event and its fate, and its JSON always has the members that programs rely on.
func TestTrace(t *testing.T) {
	p := newPipeline(t)
	kafkatest.Create(t, kafkatest.Client(t), p.names, 2, "shop")
	delivered := event.Outcome{
		BatchID: "batch-1", Stage: fault.Forwarder, Dataset: "shop", FBTraceID: "Abc", Attempts: 2, StartedAt: failedAt, EndedAt: failedAt.Add(time.Second),
		Events: []event.EventFate{{ID: "e-1", Name: "Purchase", Channel: "website", Source: "website", Fate: fault.Delivered, Topic: p.names.Signals("shop"), Partition: 1, Offset: 0}},
	}
	p.publish(t, p.raw("e-1", "website", "website", "CANARY"), p.signal("e-1", "CANARY"), p.raw("e-2", "website", "website", "CANARY"))
	p.publish(t, delivered.Records(p.names.Outcomes())...)
	for id, want := range map[string]struct {
		fate, fbtrace, stages string
	}{
		"e-1": {"delivered", "Abc", "ingest normalizer forwarder"},
		"e-2": {"in_flight", "", "ingest"},
	} {
		o := command(t, "trace", "-c", p.file, id, "--output", "json").mustExit(t, 0)
		var got map[string]any
		if err := json.Unmarshal([]byte(o.out), &got); err != nil {
			t.Fatal(err)
		}
		for _, key := range strings.Fields("event_id dataset channel source fate reason fbtrace_id stages") {
			if _, ok := got[key]; !ok {
				t.Errorf("%s: no %s in %s", id, key, o.out)
			}
		}
		have := []any{got["event_id"], got["dataset"], got["channel"], got["source"], got["fate"], got["reason"], got["fbtrace_id"]}
		if diff := cmp.Diff([]any{id, "shop", "website", "website", want.fate, "", want.fbtrace}, have); diff != "" {
			t.Errorf("%s: %s", id, diff)
		}
		var stages []string
		for _, s := range got["stages"].([]any) {
			stage := s.(map[string]any)
			stages = append(stages, stage["stage"].(string))
			keys := slices.Sorted(maps.Keys(stage))
			for _, key := range strings.Fields("stage at topic partition offset attempts batch_id") {
				if !slices.Contains(keys, key) {
					t.Errorf("%s: no %s in %v", id, key, stage)
				}
			}
			if stage["stage"] == "forwarder" && (stage["batch_id"] != "batch-1" || stage["attempts"] != 2.0 || stage["topic"] != p.names.Signals("shop") || stage["partition"] != 1.0) {
				t.Errorf("%v", stage)
			}
		}
		if strings.Join(stages, " ") != want.stages {
			t.Errorf("%s: stages %v", id, stages)
		}
		if strings.Contains(o.out, "CANARY") {
			t.Errorf("a trace shows a person: %s", o.out)
		}
	}
	command(t, "trace", "-c", p.file, "e-1").mustExit(t, 0).mustSay(t, "Purchase e-1", "delivered", "Abc", "stored", "published", "batch-1")
	command(t, "trace", "-c", p.file, "e-2").mustExit(t, 0).mustSay(t, "in_flight", "to dataset shop")
	command(t, "trace", "-c", p.file, "e-3").mustExit(t, 1).mustSay(t, "no record of event e-3")
	command(t, "trace", "-c", p.file, "e-").mustExit(t, 1)
}
