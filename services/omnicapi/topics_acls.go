package main

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/topic"
)

type topicsACLs struct {
	configFlags
	Users   string `default:"omnicapi-" placeholder:"PREFIX" help:"What the users are called before the service's name: ${default}ingest, …"`
	As      string `enum:"commands,strimzi,json" default:"commands" help:"${enum}: kafka-acls.sh's lines, Strimzi's KafkaUsers, or one object a line for programs."`
	Cluster string `default:"kafka" placeholder:"NAME" help:"The cluster that Strimzi's KafkaUsers belong to."`
}

func (topicsACLs) Help() string {
	return "It asks no broker, and writes what each service needs and no more.\n\nExamples:\n  omnicapi topics acls -c omnicapi.yaml\n" +
		"  omnicapi topics acls -c omnicapi.yaml --as strimzi --cluster my-cluster | kubectl apply -f -"
}

func (c *topicsACLs) Run(t terminal) error {
	cfg, err := c.load(t)
	if err != nil {
		return err
	}
	var channels []string
	for _, s := range cfg.Sources {
		channels = append(channels, s.Channel)
	}
	rights := topic.Names{Prefix: cfg.Kafka.Prefix}.Rights(channels, slices.Collect(maps.Keys(cfg.Datasets)))
	switch c.As {
	case "json":
		return c.printObjects(t.stdout, rights)
	case "strimzi":
		return c.printStrimzi(t.stdout, rights)
	}
	broker := "localhost:9092"
	if len(cfg.Kafka.Brokers) > 0 {
		broker = cfg.Kafka.Brokers[0]
	}
	return c.printCommands(t.stdout, broker, rights)
}

// right is a right in the JSON output for programs.
type right struct {
	User       string   `json:"user"`
	Service    string   `json:"service"`
	Kind       string   `json:"kind"`
	Name       string   `json:"name"`
	Operations []string `json:"operations"`
}

func (c *topicsACLs) printObjects(w io.Writer, rights []topic.Right) error {
	for _, r := range rights {
		if err := printJSON(w, right{c.Users + r.Service, r.Service, r.Kind, r.Name, r.Operations}); err != nil {
			return err
		}
	}
	return nil
}

// printCommands writes a script for the shell that Kafka's own tool runs in.
func (c *topicsACLs) printCommands(w io.Writer, broker string, rights []topic.Right) error {
	b := bufio.NewWriter(w)
	fmt.Fprintln(b, "# Each may be run again. Add --command-config FILE where Kafka asks who you are.")
	for _, r := range rights {
		fmt.Fprintf(b, "kafka-acls.sh --bootstrap-server %s --add --allow-principal %s", quoted(broker), quoted("User:"+c.Users+r.Service))
		for _, o := range r.Operations {
			fmt.Fprintf(b, " --operation %s", o)
		}
		fmt.Fprintf(b, " --%s %s\n", r.Kind, quoted(r.Name))
	}
	return b.Flush()
}

// printStrimzi writes one KafkaUser a service. All names are [a-z0-9.-], but the prefixes are the operator's: quoted as JSON is.
func (c *topicsACLs) printStrimzi(w io.Writer, rights []topic.Right) error {
	b := bufio.NewWriter(w)
	for _, service := range []string{topic.Ingest, topic.Normalizer, topic.Forwarder, topic.Ledger, topic.Command} {
		fmt.Fprintf(b, `---
apiVersion: kafka.strimzi.io/v1
kind: KafkaUser
metadata:
  name: %q
  labels: {strimzi.io/cluster: %q}
spec:
  authentication: {type: scram-sha-512}
  authorization:
    type: simple
    acls:
`, c.Users+service, c.Cluster)
		for _, r := range rights {
			if r.Service == service {
				fmt.Fprintf(b, "      - resource: {type: %s, name: %q, patternType: literal}\n        operations: [%s]\n",
					r.Kind, r.Name, strings.Join(r.Operations, ", "))
			}
		}
	}
	return b.Flush()
}
