// Package e2e tests from outside that the pipeline keeps what README promises: with real binaries, a real broker and the
// sandbox in Meta's place. It refuses to look inside a service: it posts events, kills processes, reads topics and asks
// the sandbox. Nothing imports it.
//
// Suites share one harness: stack (the processes and their configuration), process, killableBrokers, link, traffic (load and
// balance) and walk (random faults). `go test ./e2e` runs on the broker that kafkatest finds. Tests that kill brokers kill
// those of $KAFKA_BROKERS only if they are told how, by shell commands that find the broker's number in $BROKER:
//
//	export $(tools/kafka start 3)
//	E2E_KAFKA_KILL="$PWD/tools/kafka kill \$BROKER" E2E_KAFKA_START="$PWD/tools/kafka restart \$BROKER" \
//		go test ./e2e -run Soak -v -duration 5m
//
// Tests of Apache Kafka itself (secured, of three brokers, on a full disk) start a cluster each, if $E2E_KAFKA_TOOL is the path of
// tools/kafka. wire puts faults into the network between the services, Kafka and Meta, on the embedded broker.
package e2e
