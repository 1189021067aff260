// Package kafkatest gives a test a Kafka: $KAFKA_BROKERS, else Apache Kafka in Docker, else the embedded broker. Tests of
// every module use it. It is the only door to testcontainers, and refuses to be used outside tests.
package kafkatest

import (
	"testing"

	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// THIS FILE IS THE AGREED API; the owner of pkg/kafkatest completes it.

// Brokers returns bootstrap addresses; one broker per test binary. kind is "env", "docker" or "embedded".
func Brokers(tb testing.TB) (addrs []string, kind string) { panic("unbuilt") }

// Client opens a client on Brokers, closed with the test.
func Client(tb testing.TB) *stream.Client { panic("unbuilt") }

// Names returns topic names under a prefix of the test's own.
func Names(tb testing.TB) topic.Names { panic("unbuilt") }

// Create makes the topics of names for the datasets, with the given partitions.
func Create(tb testing.TB, c *stream.Client, n topic.Names, partitions int, datasets ...string) {
	panic("unbuilt")
}

// Main runs a test binary's tests, then stops the broker that Brokers started: func TestMain(m) { kafkatest.Main(m) }.
func Main(m *testing.M) { panic("unbuilt") }
