package stream

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/segmentio/kafka-go/compress"
)

// zeros is as many of them.
func zeros(n int64) io.Reader { return io.LimitReader(zero{}, n) }

type zero struct{}

func (zero) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// packed is n zeros, compressed as a producer does.
func packed(t *testing.T, c compress.Codec, n int64) []byte {
	t.Helper()
	var b bytes.Buffer
	w := c.NewWriter(&b)
	if _, err := io.Copy(w, zeros(n)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestBombsAreBounded: whatever the codec, a batch that unpacks to more costs what is allowed, and one that
// unpacks to what is allowed is read. kafka-go reads a batch as this test does.
func TestBombsAreBounded(t *testing.T) {
	for _, c := range compress.Codecs {
		if c == nil {
			continue
		}
		t.Run(c.Name(), func(t *testing.T) {
			var b bytes.Buffer
			r := c.NewReader(bytes.NewReader(packed(t, c, maxUnpacked)))
			if n, err := b.ReadFrom(r); err != nil || n != maxUnpacked {
				t.Errorf("what is allowed: %d bytes, %v", n, err)
			}
			_ = r.Close()
			bomb := packed(t, c, 2*maxUnpacked)
			for range 2 { // the second with what the first gave back
				wantBomb(t, c, bomb)
			}
		})
	}
}

// TestLargeWindowIsRefused: a frame of zstd may ask for a window of half a gigabyte.
func TestLargeWindowIsRefused(t *testing.T) {
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b, zstd.WithWindowSize(zstd.MaxWindowSize), zstd.WithEncoderConcurrency(1), zstd.WithSingleSegment(false))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(w, zeros(2<<20)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	wantBomb(t, compress.Zstd.Codec(), b.Bytes())
}

func wantBomb(t *testing.T, c compress.Codec, bomb []byte) {
	t.Helper()
	var before, after runtime.MemStats
	var b bytes.Buffer
	b.Grow(maxUnpacked + 1<<20)
	runtime.ReadMemStats(&before)
	r := c.NewReader(bytes.NewReader(bomb))
	_, err := b.ReadFrom(r)
	if !errors.Is(err, errUnpacked) {
		t.Errorf("%d bytes, %d unpacked: %v", len(bomb), b.Len(), err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	runtime.ReadMemStats(&after)
	// What is allowed has room; a buffer that must hold more would double.
	if n := after.TotalAlloc - before.TotalAlloc; n > 3*maxUnpacked/2 {
		t.Errorf("%d MiB were allotted", n>>20)
	}
}
