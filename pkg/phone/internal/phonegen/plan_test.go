package phonegen

import (
	"regexp"
	"strconv"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"pgregory.net/rapid"
)

// kindOf makes a description of one kind of number, for a small plan.
func kindOf(expression string, lengths ...int32) *phonenumbers.PhoneNumberDesc {
	d := &phonenumbers.PhoneNumberDesc{PossibleLength: lengths}
	if expression != "" {
		d.NationalNumberPattern = new(expression)
	}
	return d
}

func sampleRegion(id, general string, lengths ...int32) *phonenumbers.PhoneMetadata {
	return &phonenumbers.PhoneMetadata{Id: new(id), CountryCode: new(int32(1)), GeneralDesc: kindOf(general, lengths...)}
}

// reads says whether the graph accepts digits from node on.
func (g *graph) reads(node uint16, digits string) bool {
	for _, d := range digits {
		node = g.nodes[node].next[d-'0']
	}
	return g.nodes[node].accepts
}

// expressions have the shapes that occur in the metadata.
var expressions = []string{
	`\d{4}`, `[2-9]\d{2}`, `1(?:2[3-5]|4)\d*`, `(?:0|11)?8`, `90[0-24-9]\d{3}|80\d`, `(?:[1-79]|8[1-9])\d{2,4}`, `0{2,}`, `5`, `[68]0?1`,
}

var anyDigits = rapid.StringMatching(`[0-9]{0,8}`)

// TestDFAReadsAsRegexp: for any digits an automaton gives the same answer as package regexp.
func TestDFAReadsAsRegexp(t *testing.T) {
	for _, expression := range expressions {
		whole, start := regexp.MustCompile(`^(?:`+expression+`)$`), regexp.MustCompile(`^(?:`+expression+`)`)
		full, err := newDFA(expression, false)
		if err != nil {
			t.Fatal(err)
		}
		prefix, err := newDFA(expression, true)
		if err != nil {
			t.Fatal(err)
		}
		rapid.Check(t, func(t *rapid.T) {
			digits := anyDigits.Draw(t, "digits")
			at, from := full.start(), prefix.start()
			for _, d := range digits {
				at, from = full.step(at, int(d-'0')), prefix.step(from, int(d-'0'))
			}
			if full.accepts(at) != whole.MatchString(digits) {
				t.Fatalf("%s: %q is accepted: %t", expression, digits, full.accepts(at))
			}
			if prefix.accepts(from) != start.MatchString(digits) {
				t.Fatalf("%s: %q begins with it: %t", expression, digits, prefix.accepts(from))
			}
		})
	}
	if _, err := newDFA("(", false); err == nil {
		t.Error("takes no expression for one")
	}
}

// TestGeneralPlan: only the expression counts, not the lengths.
func TestGeneralPlan(t *testing.T) {
	p, err := generalPlan(sampleRegion("AA", `[2-9]\d{2}`, 7))
	if err != nil {
		t.Fatal(err)
	}
	g := newGraph()
	root := g.add(p)
	for digits, want := range map[string]bool{"": false, "2": false, "23": false, "234": true, "2345": false, "123": false} {
		if g.reads(root, digits) != want {
			t.Errorf("%q: %t", digits, !want)
		}
	}
	if p, err = generalPlan(sampleRegion("AA", `\d?`)); err != nil {
		t.Fatal(err)
	}
	if optional := g.add(p); g.reads(optional, "") || !g.reads(optional, "7") {
		t.Error("no digits are a number, or one is none")
	}
	if p, err = generalPlan(sampleRegion("AA", `[2-9]\d{2}`)); err != nil {
		t.Fatal(err)
	}
	if again := g.add(p); again != root {
		t.Errorf("the same plan has two roots, %d and %d", root, again)
	}
}

// TestValidPlan: two regions share a calling code. The one whose leading digits match decides alone; of the others the
// first that holds the number valid. A number must match the general description and a kind, each with its lengths.
func TestValidPlan(t *testing.T) {
	first := sampleRegion("AA", `[2-9]\d{3}|5\d{4}`, 4, 5)
	first.FixedLine, first.Mobile = kindOf(`2\d{3}|39\d\d`), kindOf(`5\d{3,4}`, 5)
	second := sampleRegion("BB", `[37]\d{3}`, 4)
	second.LeadingDigits, second.TollFree, second.Pager = new(`3|77`), kindOf(`3[0-4]\d\d|71\d\d`), kindOf(``)
	for name, c := range map[string]struct {
		regions []*phonenumbers.PhoneMetadata
		want    map[string]bool
	}{
		"both": {[]*phonenumbers.PhoneMetadata{first, second}, map[string]bool{
			"": false, "2": false, "2345": true, "23456": false, "5555": false, "55555": true, "9999": false,
			"3100": true, "3900": true, "7700": false, "7100": false, "1234": false,
		}},
		"the other way round: 3 is the second's": {[]*phonenumbers.PhoneMetadata{second, first}, map[string]bool{
			"2345": true, "55555": true, "3100": true, "3900": false, "7100": false,
		}},
		"the second alone: its leading digits do not count": {[]*phonenumbers.PhoneMetadata{second}, map[string]bool{"3100": true, "7100": true, "7700": false, "2345": false}},
	} {
		p, err := validPlan(c.regions)
		if err != nil {
			t.Fatal(err)
		}
		g := newGraph()
		root := g.add(p)
		for digits, want := range c.want {
			if g.reads(root, digits) != want {
				t.Errorf("%s: %q: %t", name, digits, !want)
			}
		}
	}
	first.Voip = kindOf(`(`)
	if _, err := validPlan([]*phonenumbers.PhoneMetadata{first}); err == nil {
		t.Error("takes no expression for one")
	}
}

// TestValidPlanIsTheLibrarys: the plan agrees with the library for a few countries with regions of their own, trunk
// zeros and long numbers.
func TestValidPlanIsTheLibrarys(t *testing.T) {
	collection, err := phonenumbers.MetadataCollection()
	if err != nil {
		t.Fatal(err)
	}
	byID := make(map[string]*phonenumbers.PhoneMetadata)
	for _, m := range collection.GetMetadata() {
		byID[m.GetId()] = m
	}
	g := newGraph()
	for _, code := range []int{1, 7, 39, 44, 47, 49, 55, 234} {
		var regions []*phonenumbers.PhoneMetadata
		for _, id := range phonenumbers.GetRegionCodesForCountryCode(code) {
			regions = append(regions, byID[id])
		}
		p, err := validPlan(regions)
		if err != nil {
			t.Fatal(err)
		}
		root := g.add(p)
		for _, m := range regions {
			for _, d := range []*phonenumbers.PhoneNumberDesc{m.GetFixedLine(), m.GetMobile(), m.GetTollFree(), m.GetGeneralDesc()} {
				example := d.GetExampleNumber()
				for _, digits := range []string{example, example + "1", "1" + example, example[:len(example)/2]} {
					national, err := strconv.ParseUint("0"+digits, 10, 64)
					if err != nil || digits == "" || digits[0] == '0' {
						continue // leading zeros stand apart in the library's numbers
					}
					want := phonenumbers.IsValidNumber(&phonenumbers.PhoneNumber{CountryCode: new(int32(code)), NationalNumber: new(national)})
					if g.reads(root, digits) != want {
						t.Errorf("+%d %s: the library says %t", code, digits, want)
					}
				}
			}
		}
	}
}
