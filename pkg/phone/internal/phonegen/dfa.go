package phonegen

import (
	"encoding/binary"
	"regexp/syntax"
	"slices"
)

// A dfa is the automaton of one regular expression over digits. Its states are built when they are first reached.
type dfa struct {
	prog   *syntax.Prog
	prefix bool // matched is once matched: the expression need not reach the end
	states []dfaState
	ids    map[string]int
}

type dfaState struct {
	set     []uint32
	accepts bool
	next    [10]int // 0: not known yet
}

// newDFA compiles an expression that must match from the start, and to the end unless prefix.
func newDFA(expression string, prefix bool) (*dfa, error) {
	parsed, err := syntax.Parse("(?:"+expression+")", syntax.Perl)
	if err != nil {
		return nil, err
	}
	prog, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return nil, err
	}
	d := &dfa{prog: prog, prefix: prefix, ids: make(map[string]int)}
	d.states = append(d.states, dfaState{}) // 0 means unknown
	d.intern([]uint32{uint32(prog.Start)}, false)
	return d, nil
}

// start is the state before any digit.
func (d *dfa) start() int { return 1 }

func (d *dfa) accepts(state int) bool { return d.states[state].accepts }

// step returns the state that follows state by one digit.
func (d *dfa) step(state int, digit int) int {
	if next := d.states[state].next[digit]; next != 0 {
		return next
	}
	var out []uint32
	for _, pc := range d.states[state].set {
		inst := &d.prog.Inst[pc]
		switch inst.Op {
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			if inst.MatchRune(rune('0' + digit)) {
				out = append(out, inst.Out)
			}
		}
	}
	next := d.intern(out, d.prefix && d.states[state].accepts)
	d.states[state].next[digit] = next
	return next
}

// intern returns the number of the state for a set of instructions, after adding all that they reach without reading a
// digit.
func (d *dfa) intern(seeds []uint32, accepted bool) int {
	seen := make(map[uint32]bool)
	var set []uint32
	for len(seeds) > 0 {
		pc := seeds[len(seeds)-1]
		seeds = seeds[:len(seeds)-1]
		if seen[pc] {
			continue
		}
		seen[pc] = true
		inst := &d.prog.Inst[pc]
		switch inst.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			seeds = append(seeds, inst.Out, inst.Arg)
		case syntax.InstCapture, syntax.InstNop, syntax.InstEmptyWidth:
			// The metadata's only assertions are ends of text, in prefixes. Taking them as always true makes the answer
			// "may match".
			seeds = append(seeds, inst.Out)
		default:
			set = append(set, pc)
		}
	}
	slices.Sort(set)
	accepts := accepted
	for _, pc := range set {
		accepts = accepts || d.prog.Inst[pc].Op == syntax.InstMatch
	}
	key := make([]byte, 0, 4*len(set)+1)
	if accepted {
		set, key = nil, append(key, 1)
	}
	for _, pc := range set {
		key = binary.LittleEndian.AppendUint32(key, pc)
	}
	if id, ok := d.ids[string(key)]; ok {
		return id
	}
	d.states = append(d.states, dfaState{set: set, accepts: accepts})
	d.ids[string(key)] = len(d.states) - 1
	return len(d.states) - 1
}
