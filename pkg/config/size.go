package config

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// Size is bytes, written 1MiB, 256KiB, 900KB or a number.
type Size int64

// units, longest suffix first: "MiB" ends with "B" too.
var units = []struct {
	suffix string
	bytes  int64
}{
	{"GiB", 1 << 30},
	{"MiB", 1 << 20},
	{"KiB", 1 << 10},
	{"GB", 1e9},
	{"MB", 1e6},
	{"KB", 1e3},
	{"kB", 1e3},
	{"B", 1},
}

// ParseSize reads 1MiB, 256KiB, 900KB, 12B or 4096.
func ParseSize(text string) (Size, error) {
	number, unit := text, int64(1)
	for _, u := range units {
		if n, ok := strings.CutSuffix(text, u.suffix); ok {
			number, unit = n, u.bytes
			break
		}
	}
	n, err := strconv.ParseUint(strings.TrimSpace(number), 10, 63)
	if err != nil || int64(n) > math.MaxInt64/unit {
		return 0, errors.New("is no size: write it like 8MiB, 256KiB, 900KB or 4096")
	}
	return Size(int64(n) * unit), nil
}

// String writes the size with the largest unit that divides it.
func (s Size) String() string {
	for _, u := range units[:3] {
		if s != 0 && int64(s)%u.bytes == 0 {
			return strconv.FormatInt(int64(s)/u.bytes, 10) + u.suffix
		}
	}
	return strconv.FormatInt(int64(s), 10)
}
