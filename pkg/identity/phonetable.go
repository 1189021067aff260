package identity

//go:generate go run ./internal/phonegen/cmd -o phonetable_gen.go

// phoneRegion is what reading a national number needs of one region. Masks of digits hold, by first digit, a bit for
// each second digit.
type phoneRegion struct {
	id             string // ISO alpha-2, lower case
	trunk          string // the trunk prefix, where it is plain digits
	mayTrunk       [10]uint16
	mayIDD         [10]uint16 // digits that may begin a dial-out prefix
	lengths, local uint32     // bit masks of possible lengths, and of those dialled only locally
	calling        uint16     // calling code
	general        uint16     // root in phoneNodes: the region's general description
}

// phoneCalling is a calling code: its main region, and the root in phoneNodes of its valid national numbers.
type phoneCalling struct {
	code, main, valid uint16
}

// accepts walks the digits of a national number from a root of phoneNodes.
func accepts(node uint16, digits []byte) bool {
	for _, b := range digits {
		node = phoneNodes[node][b-'0']
	}
	return node >= phoneAccepting
}

// phoneCallingOf finds the calling code at the start of an international number and what follows it; nil: none of a
// country's.
func phoneCallingOf(digits []byte) (*phoneCalling, []byte) {
	code := 0
	for i := 0; i < len(digits) && i < 3; i++ {
		code = code*10 + int(digits[i]-'0')
		if at := phoneIndex.callings[code]; at > 0 {
			return &phoneCallings[at-1], digits[i+1:]
		}
	}
	return nil, nil
}

// phoneRegionOf finds a region by its ISO alpha-2 code, lower case; nil: none.
func phoneRegionOf(code string) *phoneRegion {
	if len(code) != 2 || !isLower(code[0]) || !isLower(code[1]) {
		return nil
	}
	if at := phoneIndex.regions[letterPair(code)]; at > 0 {
		return &phoneRegions[at-1]
	}
	return nil
}

func letterPair(code string) int { return int(code[0]-'a')*26 + int(code[1]-'a') }

// phoneIndex holds places in phoneCallings and phoneRegions, counted from 1.
var phoneIndex = func() (index struct {
	callings [1000]uint16
	regions  [26 * 26]uint16
},
) {
	for i, c := range phoneCallings {
		index.callings[c.code] = uint16(i + 1)
	}
	for i, r := range phoneRegions {
		index.regions[letterPair(r.id)] = uint16(i + 1)
	}
	return index
}()
