package timestamp_test

import (
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/omnicapi/omnicapi/pkg/timestamp"
)

// three is 2026-11-30T03:00:00Z, which most of the texts below mean.
const three = 1796007600

func berlin(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

var texts = []string{
	"1796007600", "1796007600.75", "1796007600,5", "1796007600000", "1796007600000.5", "1796007600000000", "1796007600000000000",
	"1.7960076E9", "1.7960076e+12", " 1796007600 ", "/Date(1796007600000)/", "/Date(1796007600000+0100)/",

	"2026-11-30T03:00:00Z", "2026-11-30t03:00:00z", "2026-11-30T03:00Z", "2026-11-30T03:00:00.123456789Z", "2026-11-30T03:00:00,123Z",
	"2026-11-30 03:00:00Z", "2026-11-30 03:00:00 Z", "2026-11-30 03:00:00 UTC", "2026-11-30 03:00:00 utc", "2026-11-30 03:00:00 GMT",
	"2026-11-30T03:00:00UTC", "2026-11-30T03:00:00.000:Z", "2026-11-30  03:00:00 +0000 UTC", "2026/11/30 03:00:00 UTC",
	"2026-11-29T22:00-05:00", "2026-11-30T04:00:00+01:00", "2026-11-30T04:00:00+0100", "2026-11-30T04:00:00+01", "2026-11-30 04:00:00 +0100",
	"2026-11-30T03:00:00+00", "2026-11-30T03:00:00-00:00", "2026-11-29T22:00:00\u221205:00", "2026-11-30T04:00:00+01:00:00",
	"2026-11-30T04:00:00 01:00", // a form made a blank of the plus
	"2026-11-30T04:00:00+01:00[Europe/Berlin]", "2026-11-30T04:00+01:00[Europe/Berlin]", "2026-11-30T03:00:00Z[UTC]", "2026-11-30T03:00Z[Etc/UTC]",
	"2026-11-30T04:00:00[Europe/Berlin]", "2026-11-30 04:00:00 Europe/Berlin", "2026-11-30 04:00:00 CET", "2026-11-29 22:00:00 EST",
	"2026-11-30 04:00:00 UTC+01:00", "2026-11-30 3:00:00 AM UTC", "2026-11-29 10:00 PM -0500", "2026-11-29T24:00:00-03:00",
	"20261130T030000Z", "20261130T0300Z", "20261130T030000.5Z", "20261130 030000Z", "20261130T040000+0100",

	"Mon, 30 Nov 2026 03:00:00 GMT", "Mon, 30 Nov 2026 04:00:00 +0100", "30 Nov 2026 03:00:00 +0000", "30 Nov 26 03:00 UTC",
	"Mon, 30 Nov 26 03:00:00 GMT", "Monday, 30-Nov-26 03:00:00 GMT", "Mon, 30-Nov-2026 03:00:00 GMT", "Mon Nov 30 03:00:00 UTC 2026",
	"Mon Nov 30 04:00:00 CET 2026", "Mon Nov 30 03:00:00 +0000 2026", "Mon Nov 30 2026 04:00:00 GMT+0100 (Central European Standard Time)",
	"Nov 30, 2026 3:00:00 AM UTC", "November 30, 2026 03:00 UTC", "Sun, 29 Nov 2026 22:00:00 EST", "Mon, 30 Nov 2026 03:00:00 +0000 (UTC)",
}

// locals are texts without a zone; they mean three in Berlin.
var locals = []string{
	"2026-11-30T04:00:00", "2026-11-30 04:00:00", "2026-11-30T04:00", "2026-11-30 04:00", "2026-11-30 4:00 AM", "2026/11/30 04:00:00.5",
	"20261130T040000", "20261130040000", "202611300400", "20261130040000123", "Nov 30, 2026, 4:00:00\u202fAM", "Mon Nov 30 04:00:00 2026",
	"2026-11-30 04:00:00 CET",
}

func TestRead(t *testing.T) {
	zone := berlin(t)
	for _, text := range texts {
		for _, z := range []*time.Location{nil, zone} {
			if got, ok := timestamp.Read([]byte(text), z); !ok || got != three {
				t.Errorf("%q in %v: %s, %t", text, z, time.Unix(got, 0).UTC().Format(time.RFC3339), ok)
			}
		}
	}
	for _, text := range locals {
		if got, ok := timestamp.Read([]byte(text), zone); !ok || got != three {
			t.Errorf("%q: %s, %t", text, time.Unix(got, 0).UTC().Format(time.RFC3339), ok)
		}
	}
	for text, want := range map[string]string{
		"2026-11-30": "2026-11-29T23:00:00Z", "20261130": "2026-11-29T23:00:00Z", "2026-07-30T04:00:00": "2026-07-30T02:00:00Z",
		"2026-12-31T23:59:60Z": "2027-01-01T00:00:00Z", "1970-01-01T01:00:05+01:00": "1970-01-01T00:00:05Z", "978303600": "2000-12-31T23:00:00Z",
		"2026-1-5 3:04": "2026-01-05T02:04:00Z", "2028-02-29T12:00:00Z": "2028-02-29T12:00:00Z",
		"30 Nov 2026": "2026-11-29T23:00:00Z", "Nov 30, 2026": "2026-11-29T23:00:00Z", "30-Nov-26": "2026-11-29T23:00:00Z",
		"Monday, November 30, 2026": "2026-11-29T23:00:00Z", "2026.11.30 04:00": "2026-11-30T03:00:00Z", "2026.11.30": "2026-11-29T23:00:00Z",
	} {
		if got, ok := timestamp.Read([]byte(text), zone); !ok || time.Unix(got, 0).UTC().Format(time.RFC3339) != want {
			t.Errorf("%q: %s, %t; want %s", text, time.Unix(got, 0).UTC().Format(time.RFC3339), ok, want)
		}
	}
}

func TestNoTime(t *testing.T) {
	for _, text := range []string{
		"", " ", "yesterday", "invalid timestamp format", "-5", "+1796007600", "0", "0.0", "1.2.3", "1e", "1e400", "0x10", "12345678901234567890",
		"11/30/2026", "11/12/2026 03:00", "30.11.2026 03:00:00", "30/11/2026", "2026-13-01T00:00:00Z", "2026-02-30", "2027-02-29T00:00:00Z",
		"2026-00-10", "2026-11-30T25:00:00Z", "2026-11-30T03:60:00Z", "2026-11-30T24:00:01Z", "2026-11-30T03:00:61Z", "2026-11-30T", "2026-11-30T03",
		"2026-11-30T03:00:00+1:2", "2026-11-30T03:00:00+25:00", "2026-11-30T03:00:00X", "2026-11-30T03:00:00 IST", "2026-11-30T03:00:00Zjunk",
		"2026-11-30T03:00:00[Nowhere/Else]", "2026-11-30T03:00:00[../../etc]", "2026-11-30T03:00:00[Europe/Berlin", "2026-11-30 13:00 PM",
		"2026-11-30T03:00:00.Z", "0000-00-00 00:00:00", "0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "10000-01-01", "2026-11/30",
		"Mon, 30 Nov", "30 Nov", "Nov 2026", "Nov 2026 03:00", "Mon", "Mon, 31 Nov 2026 03:00:00 GMT", "/Date(1796007600000)", "/Date()/", "2026-11-30T03:00:00\xff",
		"99999999999999999999", "2026-11-30T03:00:00 EST-0500", "null", "NaN",
	} {
		if got, ok := timestamp.Read([]byte(text), nil); ok {
			t.Errorf("%q is %s", text, time.Unix(got, 0).UTC().Format(time.RFC3339))
		}
	}
}

func TestReadMillis(t *testing.T) {
	for text, want := range map[string]int64{
		"1796007600": three * 1000, "1796007600.25": three*1000 + 250, "1796007600123": three*1000 + 123, "1796007600123456": three*1000 + 123,
		"2026-11-30T03:00:00.5Z": three*1000 + 500, "2026-11-30T03:00:00,027:Z": three*1000 + 27, "2026-11-30T03:00:00.123456789+00:00": three*1000 + 123,
		"20261130030000123": three*1000 + 123,
	} {
		if got, ok := timestamp.ReadMillis([]byte(text), nil); !ok || got != want {
			t.Errorf("%q: %d, %t; want %d", text, got, ok, want)
		}
	}
}

// TestReadsWhatGoWrites: in whatever layout and zone the library writes a time, it is that time.
func TestReadsWhatGoWrites(t *testing.T) {
	zones := []*time.Location{time.UTC, berlin(t), time.FixedZone("", -5*3600), time.FixedZone("", 5*3600+30*60)}
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		at := time.Unix(rapid.Int64Range(1e9, 4e9).Draw(t, "at"), 0).In(zone)
		zoned := rapid.SampledFrom([]string{
			time.RFC3339, time.RFC3339Nano, time.RFC1123Z, time.RubyDate, "2006-01-02 15:04:05 -0700", "2006-01-02T15:04:05.000Z0700",
			"20060102T150405Z07:00", "02 Jan 2006 15:04:05 -0700", "2006-01-02 03:04:05 PM -0700", "Mon Jan 02 2006 15:04:05 GMT-0700",
		}).Draw(t, "layout")
		if got, ok := timestamp.Read([]byte(at.Format(zoned)), nil); !ok || got != at.Unix() {
			t.Fatalf("%q: %d, %t; want %d", at.Format(zoned), got, ok, at.Unix())
		}
		local := rapid.SampledFrom([]string{time.DateTime, "2006-01-02T15:04:05", "20060102150405", time.ANSIC, "Jan 2, 2006 3:04:05 PM"}).Draw(t, "local")
		want, err := time.ParseInLocation(local, at.Format(local), zone) // an hour of autumn is there twice
		if got, ok := timestamp.Read([]byte(at.Format(local)), zone); err != nil || !ok || got != want.Unix() {
			t.Fatalf("%q in %s: %d, %t; want %d", at.Format(local), zone, got, ok, want.Unix())
		}
		if ms, ok := timestamp.ReadMillis(strconv.AppendInt(nil, at.UnixMilli(), 10), nil); !ok || ms != at.UnixMilli() {
			t.Fatalf("%d: %d, %t", at.UnixMilli(), ms, ok)
		}
	})
}

// FuzzRead: what it reads lies between the years 1970 and 9999, and where the library reads RFC 3339, too, they agree.
func FuzzRead(f *testing.F) {
	for _, text := range append(texts, locals...) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ms, ok := timestamp.ReadMillis([]byte(text), nil)
		if !ok && ms != 0 || ok && (ms <= 0 || ms >= 253402300800_000+86_400_000) {
			t.Fatalf("%q: %d, %t", text, ms, ok)
		}
		if at, err := time.Parse(time.RFC3339Nano, text); err == nil && at.Year() >= 1970 && at.Unix() > 0 {
			if _, offset := at.Zone(); offset < 18*3600 && offset > -18*3600 && (!ok || ms != at.UnixMilli()) && len(text) <= 32 {
				t.Fatalf("%q: %d, %t; the library says %d", text, ms, ok, at.UnixMilli())
			}
		}
	})
}

func TestReadAllocatesNothing(t *testing.T) {
	zone := berlin(t)
	for _, text := range append(texts, locals...) {
		value := []byte(text)
		if n := testing.AllocsPerRun(100, func() { timestamp.Read(value, zone) }); n > 0 {
			t.Errorf("%q: %v allocations", text, n)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	for _, text := range []string{"1796007600", "2026-11-30T04:00:00+01:00", "2026-11-30 04:00:00", "Mon, 30 Nov 2026 03:00:00 GMT"} {
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			value := []byte(text)
			for b.Loop() {
				timestamp.Read(value, nil)
			}
		})
	}
}
