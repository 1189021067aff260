package event

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/omnicapi/omnicapi/pkg/fault"
	"github.com/omnicapi/omnicapi/pkg/record"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// contract is asyncapi.yaml with its schemas.
type contract struct {
	document map[string]any
	compiler *jsonschema.Compiler
}

func readContract(t *testing.T) *contract {
	t.Helper()
	text, err := os.ReadFile("asyncapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var read any
	if err := yaml.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(read)
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	c := &contract{document: document.(map[string]any), compiler: jsonschema.NewCompiler()}
	if err := c.compiler.AddResource("asyncapi.yaml", document); err != nil {
		t.Fatal(err)
	}
	return c
}

// node is what a pointer of the document names, references followed.
func (c *contract) node(t *testing.T, pointer string) map[string]any {
	t.Helper()
	var at any = c.document
	for name := range strings.SplitSeq(strings.TrimPrefix(pointer, "#/"), "/") {
		m, ok := at.(map[string]any)
		if !ok || m[name] == nil {
			t.Fatalf("%s: no %s", pointer, name)
		}
		at = m[name]
	}
	m, ok := at.(map[string]any)
	if !ok {
		t.Fatalf("%s is no object", pointer)
	}
	if ref, ok := m["$ref"].(string); ok {
		return c.node(t, ref)
	}
	return m
}

// holds checks a value against a schema.
func (c *contract) holds(t *testing.T, pointer string, value any) {
	t.Helper()
	schema, err := c.compiler.Compile("asyncapi.yaml" + pointer)
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%s: %v", pointer, err)
	}
}

// holdsNames checks what the encoder left out and what it wrote: full has every property of the schema, minimal only the required.
func (c *contract) holdsNames(t *testing.T, pointer string, full, minimal map[string]any) {
	t.Helper()
	schema := c.node(t, pointer)
	properties, _ := schema["properties"].(map[string]any)
	required := []string{}
	for _, name := range schema["required"].([]any) {
		required = append(required, name.(string))
	}
	slices.Sort(required)
	if diff := cmp.Diff(names(properties), names(full)); diff != "" {
		t.Errorf("%s: described and written differ (-described +written): %s", pointer, diff)
	}
	if diff := cmp.Diff(required, names(minimal)); diff != "" {
		t.Errorf("%s: required and always written differ (-required +written): %s", pointer, diff)
	}
}

func names(m map[string]any) []string {
	return append([]string{}, slices.Sorted(maps.Keys(m))...)
}

func decoded(t *testing.T, value []byte) map[string]any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(value))
	if err != nil {
		t.Fatal(err)
	}
	return v.(map[string]any)
}

func headersOf(r *record.Record) map[string]any {
	m := map[string]any{}
	for _, h := range r.Headers {
		m[h.Key] = string(h.Value)
	}
	return m
}

// mustBeFull fails for a field that a test's full value leaves out: a new field is then new in asyncapi.yaml, too.
func mustBeFull(t *testing.T, value any) {
	t.Helper()
	v := reflect.ValueOf(value).Elem()
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.IsExported() && v.Field(i).IsZero() {
			t.Errorf("%s.%s is not set", v.Type().Name(), f.Name)
		}
	}
}

// TestAsyncAPIRaw holds the raw topics' schemas to AppendRaw, RawRecord and a replay.
func TestAsyncAPIRaw(t *testing.T) {
	c, full, minimal := readContract(t), fullRaw(), minimalRaw()
	mustBeFull(t, full)
	value := AppendRaw(nil, full)
	stored := RawRecord("events.website", full, value)
	letter := someDeath().Record("deadletters", full.ID, &stored)
	replay := someDeath().Replay(&letter)
	bare := RawRecord("events.website", minimal, AppendRaw(nil, minimal))
	c.holdsNames(t, "#/components/schemas/rawHeaders", headersOf(&replay), headersOf(&bare))
	long, short := decoded(t, replay.Value), decoded(t, bare.Value)
	c.holdsNames(t, "#/components/schemas/raw", long, short)
	c.holdsNames(t, "#/components/schemas/raw/properties/data", long["data"].(map[string]any), short["data"].(map[string]any))
	request := c.node(t, "#/components/schemas/raw/properties/data/properties/request")["properties"].(map[string]any)
	if diff := cmp.Diff(names(request), names(long["data"].(map[string]any)["request"].(map[string]any))); diff != "" {
		t.Errorf("data.request (-described +written): %s", diff)
	}
	for _, r := range []*record.Record{&stored, &replay, &bare} {
		c.holds(t, "#/components/messages/raw/headers", headersOf(r))
		c.holds(t, "#/components/messages/raw/payload", decoded(t, r.Value))
	}
}

// TestAsyncAPISignal holds the canonical topics' schemas to Signal.Record.
func TestAsyncAPISignal(t *testing.T) {
	c, full := readContract(t), fullSignal()
	mustBeFull(t, full)
	minimal := &Signal{ID: []byte("e-2"), Source: []byte("/channels/crm/hub"), Time: time.Unix(1795426200, 0), EventName: []byte("Lead")}
	body := []byte(`{"event_name":"Purchase","event_time":1795426200,"user_data":{}}`)
	long, short := full.Record("signals.shop", body), minimal.Record("signals.shop", body)
	c.holdsNames(t, "#/components/schemas/signalHeaders", headersOf(&long), headersOf(&short))
	for _, r := range []*record.Record{&long, &short} {
		c.holds(t, "#/components/messages/signal/headers", headersOf(r))
		c.holds(t, "#/components/messages/signal/payload", decoded(t, r.Value))
	}
}

// TestAsyncAPIDeadLetter holds the dead letters' headers to DeadLetter.Record.
func TestAsyncAPIDeadLetter(t *testing.T) {
	c, full := readContract(t), someDeath()
	full.Replays, full.Shortened = 1, true
	mustBeFull(t, full)
	stored := record.Record{Key: []byte("e-1"), Value: []byte("no JSON"), Time: full.FailedAt}
	long := full.Record("deadletters", []byte("e-1"), &stored)
	shortened, _ := Shorten(&long)
	stored.Key = nil
	minimal := DeadLetter{Stage: "audience", Reason: fault.Failed, Topic: "signals.shop", FailedAt: full.FailedAt}
	short := minimal.Record("deadletters", []byte("e-1"), &stored)
	c.holdsNames(t, "#/components/schemas/deadLetterHeaders", headersOf(&shortened), headersOf(&short))
	for _, r := range []*record.Record{&long, &short, &shortened} {
		c.holds(t, "#/components/messages/deadLetter/headers", headersOf(r))
	}
}

// TestAsyncAPIOutcome holds the outcomes' schema to Outcome.Records.
func TestAsyncAPIOutcome(t *testing.T) {
	c, full := readContract(t), someOutcome(1)
	full.Events[0].Fate, full.Events[0].Reason, full.Events[0].Detail = fault.Dead, fault.Refused, "100/2804009"
	full.Events[0].Partition, full.Events[0].Offset = 1, 1
	mustBeFull(t, full)
	mustBeFull(t, &full.Events[0])
	minimal := &Outcome{BatchID: NewBatchID(), Stage: fault.Normalizer, StartedAt: full.StartedAt, EndedAt: full.EndedAt}
	minimal.Events = []EventFate{{ID: "e-2", Fate: fault.Delivered}}
	long, short := decoded(t, full.Records("outcomes")[0].Value), decoded(t, minimal.Records("outcomes")[0].Value)
	c.holdsNames(t, "#/components/schemas/outcome", long, short)
	event := func(o map[string]any) map[string]any { return o["events"].([]any)[0].(map[string]any) }
	c.holdsNames(t, "#/components/schemas/outcome/properties/events/items", event(long), event(short))
	c.holds(t, "#/components/messages/outcome/payload", long)
	c.holds(t, "#/components/messages/outcome/payload", short)
}

// TestAsyncAPILoss holds the losses' schema to Loss.Record.
func TestAsyncAPILoss(t *testing.T) {
	c, full, minimal := readContract(t), someLoss(), someLoss()
	mustBeFull(t, full)
	mustBeFull(t, &full.Lost)
	minimal.Dataset = ""
	written := func(l *Loss) map[string]any {
		rec, err := l.Record("outcomes")
		if err != nil {
			t.Fatal(err)
		}
		value := decoded(t, rec.Value)
		c.holds(t, "#/components/messages/loss/payload", value)
		return value
	}
	long, short := written(full), written(minimal)
	c.holdsNames(t, "#/components/schemas/loss", long, short)
	c.holdsNames(t, "#/components/schemas/loss/properties/lost", long["lost"].(map[string]any), short["lost"].(map[string]any))
	var causes []string
	for _, cause := range fault.Causes {
		causes = append(causes, string(cause))
	}
	c.holdsList(t, "#/components/schemas/loss/properties/lost/properties/cause", causes)
}

// TestAsyncAPILists holds addresses, channels, fates and reasons to pkg/topic and pkg/fault.
func TestAsyncAPILists(t *testing.T) {
	c, all := readContract(t), topic.Names{Prefix: "omnicapi."}
	for channel, want := range map[string]string{
		"events": all.Events("{channel}"), "signals": all.Signals("{dataset}"),
		"deadletters": all.DeadLetters(), "outcomes": all.Outcomes(), "audit": all.Audit(),
		"suppressions": all.Suppressions(),
	} {
		node := c.node(t, "#/channels/"+channel)
		if node["address"] != want {
			t.Errorf("%s has the address %v, want %s", channel, node["address"], want)
		}
		for name := range node["messages"].(map[string]any) {
			c.node(t, "#/channels/"+channel+"/messages/"+name)
		}
	}
	if n := len(c.node(t, "#/channels")); n != 6 {
		t.Errorf("%d channels", n)
	}
	for name := range c.node(t, "#/operations") {
		c.node(t, "#/operations/"+name+"/channel")
	}
	reasons := []string{}
	for _, r := range fault.DeadReasons {
		reasons = append(reasons, string(r))
	}
	c.holdsList(t, "#/components/schemas/deadLetterHeaders/properties/dlq_reason", reasons)
	for _, r := range fault.DropReasons {
		reasons = append(reasons, string(r))
	}
	c.holdsList(t, "#/components/schemas/outcome/properties/events/items/properties/reason", reasons)
	c.holdsList(t, "#/channels/events/parameters/channel", topic.Channels)
	c.holdsList(t, "#/components/schemas/outcome/properties/events/items/properties/fate",
		[]string{string(fault.Delivered), string(fault.Dead), string(fault.Dropped), string(fault.Replayed)})
}

func (c *contract) holdsList(t *testing.T, pointer string, want []string) {
	t.Helper()
	var got []string
	for _, v := range c.node(t, pointer)["enum"].([]any) {
		got = append(got, v.(string))
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(got))); diff != "" {
		t.Errorf("%s (-code +file): %s", pointer, diff)
	}
}
