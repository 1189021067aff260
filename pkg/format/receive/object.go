package receive

import "github.com/omnicapi/omnicapi/pkg/jsonscan"

// Object makes a JSON object of pairs: each value a text, a list of texts where its name is repeated. Empty values and
// credentials are left out.
func (b *Batch) Object(list []Pair) ([]byte, *Refusal) {
	if len(list) > MaxPairs {
		return nil, &Refusal{Kind: Unreadable, Detail: "too many fields"}
	}
	start := len(b.Scratch)
	d := append(b.Scratch, '{')
	for i, p := range list {
		if len(p.Value) == 0 || HasName(list[:i], p.Name) || IsCredential(string(p.Name)) {
			continue
		}
		if len(d) > start+1 {
			d = append(d, ',')
		}
		d = append(jsonscan.AppendString(d, p.Name), ':')
		d = appendValues(d, p, list[i+1:])
	}
	d = append(d, '}')
	b.Scratch = d
	return d[start:len(d):len(d)], nil
}

// appendValues appends a pair's value, with those of later pairs of its name as a list.
func appendValues(d []byte, p Pair, later []Pair) []byte {
	if !HasName(later, p.Name) {
		return jsonscan.AppendString(d, p.Value)
	}
	d = jsonscan.AppendString(append(d, '['), p.Value)
	for _, l := range later {
		if len(l.Value) > 0 && SameName(l.Name, p.Name) {
			d = jsonscan.AppendString(append(d, ','), l.Value)
		}
	}
	return append(d, ']')
}
