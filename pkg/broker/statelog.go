package broker

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
)

// An entry of groups.log and pids.log: length of version and text (4 bytes), checksum of both (4), version (2), text.
const (
	entryHead   = 4 + 4
	leastEntry  = 2
	mostOfEntry = 1 << 20
)

// mendLog leaves the whole entries of a state log and returns how many bytes were none. kfake reads up to the first torn
// entry only, and would write behind it. The entries are moved within the file: that needs no room, and when it is cut off,
// the entries at the end are still the latest.
func mendLog(path string) (gone int64, err error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("opening a log of the broker's state: %w", err)
	}
	defer func() {
		if closed := f.Close(); err == nil && closed != nil {
			err = closed
		}
	}()
	raw, err := os.ReadFile(path)
	if err != nil {
		return 0, fmt.Errorf("reading a log of the broker's state: %w", err)
	}
	whole, torn := wholeEntries(raw)
	if torn < 0 {
		return 0, nil
	}
	if _, err := f.WriteAt(whole[torn:], int64(torn)); err != nil {
		return 0, fmt.Errorf("mending %s: %w", path, err)
	}
	if err := errors.Join(f.Truncate(int64(len(whole))), f.Sync()); err != nil {
		return 0, fmt.Errorf("mending %s: %w", path, err)
	}
	return int64(len(raw) - len(whole)), nil
}

// wholeEntries returns the log without what is no entry, and where that began; -1: there is none. An entry that lacks its end
// may look whole with the beginning of the next one, so the search goes back into it.
func wholeEntries(raw []byte) (whole []byte, torn int) {
	torn = -1
	for at, last := 0, 0; at < len(raw); {
		n := entryAt(raw[at:])
		if n == 0 {
			if torn < 0 {
				torn = at
			}
			at = last + 1
			for at < len(raw) && entryAt(raw[at:]) == 0 {
				at++
			}
			last = at
			continue
		}
		whole = append(whole, raw[at:at+n]...)
		last = at
		at += n
	}
	return whole, torn
}

// entryAt returns the length of the entry with which raw begins; 0: it begins with none.
func entryAt(raw []byte) int {
	if len(raw) < entryHead+leastEntry {
		return 0
	}
	n := binary.LittleEndian.Uint32(raw)
	if n < leastEntry || n > mostOfEntry || int(n) > len(raw)-entryHead {
		return 0
	}
	end := entryHead + int(n)
	if crc32.Checksum(raw[entryHead:end], castagnoli) != binary.LittleEndian.Uint32(raw[4:]) {
		return 0
	}
	return end
}
