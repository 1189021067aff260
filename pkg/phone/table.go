package phone

//go:generate go run ./internal/phonegen/cmd -o table_gen.go

// region is what reading a national number needs of one region. Masks of digits hold, by first digit, a bit for
// each second digit.
type region struct {
	id             string // ISO alpha-2, lower case
	trunk          string // the trunk prefix, where it is plain digits
	mayTrunk       [10]uint16
	mayIDD         [10]uint16 // digits that may begin a dial-out prefix
	lengths, local uint32     // bit masks of possible lengths, and of those dialled only locally
	calling        uint16     // calling code
	general        uint16     // root in nodes: the region's general description
}

// callingCode is a calling code: its main region, and the root in nodes of its valid national numbers.
type callingCode struct {
	code, main, valid uint16
}

// accepts walks the digits of a national number from a root of nodes.
func accepts(node uint16, digits []byte) bool {
	for _, b := range digits {
		node = nodes[node][b-'0']
	}
	return node >= accepting
}

// callingOf finds the calling code at the start of an international number and what follows it; nil: none of a
// country's.
func callingOf(digits []byte) (*callingCode, []byte) {
	code := 0
	for i := 0; i < len(digits) && i < 3; i++ {
		code = code*10 + int(digits[i]-'0')
		if at := places.callings[code]; at > 0 {
			return &callingCodes[at-1], digits[i+1:]
		}
	}
	return nil, nil
}

// regionOf finds a region by its ISO alpha-2 code, lower case; nil: none.
func regionOf(code string) *region {
	if len(code) != 2 || code[0] < 'a' || code[0] > 'z' || code[1] < 'a' || code[1] > 'z' {
		return nil
	}
	if at := places.regions[letterPair(code)]; at > 0 {
		return &regions[at-1]
	}
	return nil
}

func letterPair(code string) int { return int(code[0]-'a')*26 + int(code[1]-'a') }

// places holds places in callingCodes and regions, counted from 1.
var places = func() (index struct {
	callings [1000]uint16
	regions  [26 * 26]uint16
},
) {
	for i, c := range callingCodes {
		index.callings[c.code] = uint16(i + 1)
	}
	for i, r := range regions {
		index.regions[letterPair(r.id)] = uint16(i + 1)
	}
	return index
}()
