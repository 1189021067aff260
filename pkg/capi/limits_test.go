package capi

import (
	"testing"
	"time"
)

func TestDeadline(t *testing.T) {
	arrival := time.Unix(1_795_426_200, 0)
	hour := time.Hour
	tests := []struct {
		name, source     string
		age, configured  time.Duration // of the event at arrival
		wantAfterArrival time.Duration
	}{
		{"ours is earlier", "website", 0, 24 * hour, 24 * hour},
		{"Meta's is earlier", "website", 0, 168 * hour, 167 * hour},
		{"an old event", "website", 160 * hour, 168 * hour, 7 * hour},
		{"past Meta's limit", "website", 170 * hour, 168 * hour, -3 * hour},
		{"a store has 62 days", "physical_store", 170 * hour, 168 * hour, 168 * hour},
		{"an old store event", "physical_store", 61 * 24 * hour, 168 * hour, 23 * hour},
	}
	for _, tt := range tests {
		got := Deadline(arrival, arrival.Add(-tt.age).Unix(), []byte(tt.source), tt.configured).Sub(arrival)
		if got != tt.wantAfterArrival {
			t.Errorf("%s: %v after arrival, want %v", tt.name, got, tt.wantAfterArrival)
		}
	}
}
