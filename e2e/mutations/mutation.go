package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// mutation is one break of the promise. It is told by a text, not by a line, so that it outlives changes around it; where the
// text itself is changed, it must be written anew.
type mutation struct {
	name    string
	breaks  string // one sentence
	file    string // from the root of the tree
	old     string // stands once in file
	new     string
	in      string // package, from the root of the tree
	test    string // that must fail
	timeout string // of the test; "": the usual
}

var mutations = concat(producing, broker, consuming, accepting, costing, normalizing, deciding, ending, parking, replaying, spooling, budgeting, limiting, telling, guarding, suppressing, keeping, doors, outside)

func concat(lists ...[]mutation) (all []mutation) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

// apply returns the broken file.
func (m *mutation) apply(root string) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(root, m.file))
	if err != nil {
		return nil, fmt.Errorf("it no longer applies: %w", err)
	}
	if n := strings.Count(string(text), m.old); n != 1 {
		return nil, fmt.Errorf("it no longer applies: %q stands %d times in %s, not once", m.old, n, m.file)
	}
	return []byte(strings.Replace(string(text), m.old, m.new, 1)), nil
}

// overlay writes the broken file into dir, and beside it what tells the compiler to read it instead of the tree's.
func (m *mutation) overlay(root, dir string) (path string, err error) {
	text, err := m.apply(root)
	if err != nil {
		return "", err
	}
	broken := filepath.Join(dir, filepath.Base(m.file))
	if err := os.WriteFile(broken, text, 0o600); err != nil {
		return "", err
	}
	list, err := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(root, m.file): broken}})
	if err != nil {
		return "", err
	}
	path = filepath.Join(dir, "overlay.json")
	return path, os.WriteFile(path, list, 0o600)
}
