package main

import (
	"context"
	"fmt"
	"time"

	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

// image is the broker's image, the same as in docker-compose.yml.
const image = "apache/kafka:4.3.1"

// script starts Kafka. It is written only when the port is known at which the host reaches the container, since Kafka
// must advertise that port.
const script = `#!/bin/bash
export KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://%s,BROKER://localhost:9093
exec /etc/kafka/docker/run
`

// answers returns an error that says what is wrong with Docker, nil if it answers.
func answers(ctx context.Context) (err error) {
	defer func() { // testcontainers panics where it finds no Docker at all
		if found := recover(); found != nil {
			err = fmt.Errorf("looking for docker: %v", found)
		}
	}()
	p, err := testcontainers.NewDockerProvider()
	if err != nil {
		return fmt.Errorf("looking for docker: %w", err)
	}
	defer p.Close()
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	if err := p.Health(ctx); err != nil {
		return fmt.Errorf("asking docker: %w", err)
	}
	return nil
}

// start runs one broker; stop removes it.
func start(ctx context.Context) (addr string, stop func() error, err error) {
	c, err := testcontainers.Run(ctx, image,
		testcontainers.WithExposedPorts("9092/tcp"),
		testcontainers.WithEntrypoint("sh", "-c", "while [ ! -f /tmp/start.sh ]; do sleep 0.1; done; exec bash /tmp/start.sh"),
		// Any KAFKA_* variable replaces the image's whole configuration, so this is the full set.
		testcontainers.WithEnv(map[string]string{
			"KAFKA_NODE_ID":                                  "1",
			"KAFKA_PROCESS_ROLES":                            "broker,controller",
			"KAFKA_LISTENERS":                                "PLAINTEXT://:9092,BROKER://:9093,CONTROLLER://:9094",
			"KAFKA_LISTENER_SECURITY_PROTOCOL_MAP":           "PLAINTEXT:PLAINTEXT,BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT",
			"KAFKA_INTER_BROKER_LISTENER_NAME":               "BROKER",
			"KAFKA_CONTROLLER_LISTENER_NAMES":                "CONTROLLER",
			"KAFKA_CONTROLLER_QUORUM_VOTERS":                 "1@localhost:9094",
			"KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR":         "1",
			"KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
			"KAFKA_TRANSACTION_STATE_LOG_MIN_ISR":            "1",
			"KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS":         "0",
			"KAFKA_AUTO_CREATE_TOPICS_ENABLE":                "false",
			"KAFKA_HEAP_OPTS":                                "-Xmx512m",
		}),
		testcontainers.WithAdditionalLifecycleHooks(testcontainers.ContainerLifecycleHooks{
			PostStarts: []testcontainers.ContainerHook{func(ctx context.Context, c testcontainers.Container) error {
				ep, err := c.PortEndpoint(ctx, "9092/tcp", "")
				if err != nil {
					return fmt.Errorf("asking for the mapped port: %w", err)
				}
				addr = ep
				return c.CopyToContainer(ctx, fmt.Appendf(nil, script, ep), "/tmp/start.sh", 0o755)
			}},
		}),
		testcontainers.WithWaitStrategyAndDeadline(2*time.Minute, wait.ForLog("Kafka Server started")),
	)
	stop = func() error {
		return testcontainers.TerminateContainer(c, testcontainers.StopTimeout(5*time.Second))
	}
	if err != nil {
		if stopErr := stop(); stopErr != nil {
			err = fmt.Errorf("%w (and removing it: %w)", err, stopErr)
		}
		return "", nil, err
	}
	return addr, stop, nil
}
