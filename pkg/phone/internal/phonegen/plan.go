package phonegen

import (
	"encoding/binary"

	"github.com/nyaruka/phonenumbers"
)

// longestNational is the library's upper bound for the digits of a national number.
const longestNational = 17

// A plan answers a yes-or-no question about a national number, digit by digit.
type plan struct {
	parts   []*dfa // run side by side
	accepts func(matched []bool, length int) bool
}

// A desc is one kind of number of a region: an expression and the lengths it may have.
type desc struct {
	part    int // of the plan
	lengths uint32
}

func (p *plan) add(expression string, prefix bool) (int, error) {
	part, err := newDFA(expression, prefix)
	if err != nil {
		return 0, err
	}
	p.parts = append(p.parts, part)
	return len(p.parts) - 1, nil
}

func (p *plan) addDesc(d *phonenumbers.PhoneNumberDesc) (desc, error) {
	part, err := p.add(d.GetNationalNumberPattern(), false)
	lengths := lengthMask(d.GetPossibleLength())
	if len(d.GetPossibleLength()) == 0 {
		lengths = 1<<32 - 1
	}
	return desc{part, lengths}, err
}

func (d desc) matches(matched []bool, length int) bool {
	return matched[d.part] && d.lengths>>length&1 == 1
}

// generalPlan returns the plan that asks whether a number matches the expression of a region's general description;
// lengths do not count.
func generalPlan(m *phonenumbers.PhoneMetadata) (*plan, error) {
	p := &plan{}
	part, err := p.add(m.GetGeneralDesc().GetNationalNumberPattern(), false)
	p.accepts = func(matched []bool, _ int) bool { return matched[part] }
	return p, err
}

// A regionPlan is what the library checks to decide whether a number is valid in one region.
type regionPlan struct {
	general desc
	kinds   []desc
	leading int // part of the leading digits, -1 if the region has none
}

// valid does what the library's getNumberTypeHelper(...) != UNKNOWN does.
func (r regionPlan) valid(matched []bool, length int) bool {
	if !r.general.matches(matched, length) {
		return false
	}
	for _, kind := range r.kinds {
		if kind.matches(matched, length) {
			return true
		}
	}
	return false
}

// validPlan returns the plan that asks whether a number is valid in the regions of one calling code, as IsValidNumber
// does: the first region decides whose leading digits match or, if it has none, in which the number is valid.
func validPlan(regions []*phonenumbers.PhoneMetadata) (*plan, error) {
	p := &plan{}
	plans := make([]regionPlan, 0, len(regions))
	for _, m := range regions {
		r := regionPlan{leading: -1}
		var err error
		if r.general, err = p.addDesc(m.GetGeneralDesc()); err != nil {
			return nil, err
		}
		for _, d := range []*phonenumbers.PhoneNumberDesc{
			m.GetPremiumRate(), m.GetTollFree(), m.GetSharedCost(), m.GetVoip(), m.GetPersonalNumber(), m.GetPager(),
			m.GetUan(), m.GetVoicemail(), m.GetFixedLine(), m.GetMobile(),
		} {
			if d.GetNationalNumberPattern() == "" {
				continue // matches only the empty number
			}
			kind, err := p.addDesc(d)
			if err != nil {
				return nil, err
			}
			r.kinds = append(r.kinds, kind)
		}
		if m.GetLeadingDigits() != "" && len(regions) > 1 {
			if r.leading, err = p.add(m.GetLeadingDigits(), true); err != nil {
				return nil, err
			}
		}
		plans = append(plans, r)
	}
	p.accepts = func(matched []bool, length int) bool {
		for _, r := range plans {
			if r.leading >= 0 && matched[r.leading] || r.leading < 0 && r.valid(matched, length) {
				return r.valid(matched, length)
			}
		}
		return false
	}
	return p, nil
}

// A graph holds the nodes of all plans, each once. A node says whether a number that ends there is in the plan, and
// which node follows for each further digit. Equal tails are shared, so that a plan becomes a small acyclic automaton.
type graph struct {
	nodes []node
	ids   map[node]uint16
}

type node struct {
	accepts bool
	next    [10]uint16
}

// newGraph returns a graph with node 0, which accepts no number.
func newGraph() *graph {
	return &graph{nodes: []node{{}}, ids: map[node]uint16{{}: 0}}
}

// add adds the nodes of a plan, by trying all digits, and returns the plan's root.
func (g *graph) add(p *plan) uint16 {
	states := make([]int, len(p.parts))
	for i, part := range p.parts {
		states[i] = part.start()
	}
	return g.walk(p, states, 0, make(map[string]uint16))
}

func (g *graph) walk(p *plan, states []int, length int, seen map[string]uint16) uint16 {
	key := binary.AppendUvarint(nil, uint64(length))
	for _, s := range states {
		key = binary.AppendUvarint(key, uint64(s))
	}
	if id, ok := seen[string(key)]; ok {
		return id
	}
	matched := make([]bool, len(states))
	for i, s := range states {
		matched[i] = p.parts[i].accepts(s)
	}
	n := node{accepts: length > 0 && p.accepts(matched, length)}
	if length < longestNational && p.alive(states) {
		after := make([]int, len(states))
		for digit := range 10 {
			for i, s := range states {
				after[i] = p.parts[i].step(s, digit)
			}
			n.next[digit] = g.walk(p, after, length+1, seen)
		}
	}
	id, ok := g.ids[n]
	if !ok {
		id = uint16(len(g.nodes))
		g.nodes = append(g.nodes, n)
		g.ids[n] = id
	}
	seen[string(key)] = id
	return id
}

// alive says whether any of the plan's expressions can still match.
func (p *plan) alive(states []int) bool {
	for i, s := range states {
		if st := &p.parts[i].states[s]; len(st.set) > 0 {
			return true
		}
	}
	return false
}

func lengthMask(lengths []int32) uint32 {
	var mask uint32
	for _, l := range lengths {
		if l > 0 {
			mask |= 1 << l
		}
	}
	return mask
}
