package topic

import "slices"

// Kinds of what Kafka grants rights on, as its own tools call them.
const (
	KindTopic = "topic"
	KindGroup = "group"
)

// Operations on them. Read and Write bring Describe along.
const (
	Read            = "Read"
	Write           = "Write"
	Create          = "Create"
	Describe        = "Describe"
	DescribeConfigs = "DescribeConfigs"
)

// Services that need rights on Kafka. Command is the one at an operator's hand; the sandbox needs none.
const (
	Ingest     = "ingest"
	Normalizer = "normalizer"
	Forwarder  = "forwarder"
	Ledger     = "ledger"
	Command    = "omnicapi"
)

// Right is what one service must be allowed to do with one topic or group, and no more than that.
type Right struct {
	Service    string
	Kind       string
	Name       string
	Operations []string
}

// Rights lists what each service needs: ingest writes the raw topics of the channels that sources have, and nothing else; only the
// normalizer and the command read raw events; the forwarder reads the canonical topics of its datasets. What a service reads,
// it reads in groups of its own, but for the suppressions, which each process reads whole, and for the ledger.
func (n Names) Rights(channels, datasets []string) []Right {
	var all []Right
	add := func(service, kind, name string, operations ...string) {
		all = append(all, Right{Service: service, Kind: kind, Name: name, Operations: operations})
	}
	read := func(service, name string) {
		add(service, KindTopic, name, Read)
		add(service, KindGroup, n.Group(service, name), Read)
	}
	channels, datasets = slices.Sorted(slices.Values(channels)), slices.Sorted(slices.Values(datasets))
	for _, c := range slices.Compact(channels) {
		add(Ingest, KindTopic, n.Events(c), Write)
	}
	for _, c := range Channels {
		read(Normalizer, n.Events(c))
	}
	for _, d := range datasets {
		add(Normalizer, KindTopic, n.Signals(d), Write)
		read(Forwarder, n.Signals(d))
	}
	for _, service := range []string{Normalizer, Forwarder} {
		add(service, KindTopic, n.DeadLetters(), Write)
		add(service, KindTopic, n.Outcomes(), Write)
		add(service, KindTopic, n.Suppressions(), Read) // in no group: each process reads all of it
	}
	add(Ledger, KindTopic, n.DeadLetters(), Read) // in no group: its offsets lie with what it keeps
	add(Ledger, KindTopic, n.Outcomes(), Read)
	seen := func(service, name string) { add(Command, KindGroup, n.Group(service, name), Describe) } // how far it came: audit
	for _, c := range Channels {
		seen(Normalizer, n.Events(c))
	}
	for _, d := range datasets {
		seen(Forwarder, n.Signals(d))
	}
	for _, s := range n.Specs(datasets, 1, 1) { // it makes them, looks through them, and replays letters to where they failed
		operations := []string{Create, Read, Write, DescribeConfigs}
		if s.Name == n.DeadLetters() {
			operations = []string{Create, Read, DescribeConfigs}
		}
		add(Command, KindTopic, s.Name, operations...)
	}
	return all
}
