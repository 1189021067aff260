package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
)

// list is a file of hashed e-mail addresses, each once, one a line. It is personal data: only its owner may read it.
type list struct {
	mu    sync.Mutex // partitions are handled side by side
	file  *os.File
	size  int64
	known map[string]bool
}

func openList(path string) (*list, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the list: %w", err)
	}
	text, err := io.ReadAll(file)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("reading the list: %w", err), file.Close())
	}
	l := &list{file: file, known: map[string]bool{}}
	for line := range bytes.Lines(text) {
		if line[len(line)-1] == '\n' { // else a crash cut it: it is written over
			l.known[string(line[:len(line)-1])] = true
			l.size += int64(len(line))
		}
	}
	return l, nil
}

// add returns nil once all addresses are on disk. What is in the list already is not written again, so a record may come
// twice.
func (l *list) add(addresses []string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var added []string
	var lines []byte
	for _, a := range addresses {
		if !l.known[a] && !slices.Contains(added, a) {
			added, lines = append(added, a), append(append(lines, a...), '\n')
		}
	}
	if len(added) == 0 {
		return nil
	}
	if err := l.write(lines); err != nil {
		return fmt.Errorf("writing the list: %w", err) // no fault: the record is tried again
	}
	for _, a := range added {
		l.known[a] = true
	}
	return nil
}

// write puts lines behind what is known to be whole.
func (l *list) write(lines []byte) error {
	if err := l.file.Truncate(l.size); err != nil {
		return err
	}
	if _, err := l.file.WriteAt(lines, l.size); err != nil {
		return err
	}
	if err := l.file.Sync(); err != nil {
		return err
	}
	l.size += int64(len(lines))
	return nil
}

func (l *list) close() error { return l.file.Close() }
