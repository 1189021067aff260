package phone

//go:generate go run ./internal/phonegen/cmd -o table_gen.go

// region holds what is needed to read a national number of one region. A mask of digits has, by first digit, a bit for
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

// callingCode is a calling code with its main region and the root, in nodes, of its valid national numbers.
type callingCode struct {
	code, main, valid uint16
}

// accepts follows the digits of a national number from a root in nodes, and says whether they end in an accepting node.
func accepts(node uint16, digits []byte) bool {
	for _, b := range digits {
		node = nodes[node][b-'0']
	}
	return node >= accepting
}

// callingOf finds the calling code at the start of an international number, and returns it with the digits that follow;
// nil if no country has such a code.
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

// regionOf finds a region by its ISO alpha-2 code in lower case; nil if there is none.
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

// places maps calling codes and regions to their indexes in callingCodes and regions, counted from 1.
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
