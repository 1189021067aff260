package mapfile

// sniffLines is how many lines the separator is found out from.
const sniffLines = 20

// sniffSeparator takes the separator that stands equally often on the most of the first lines, then the most frequent.
func sniffSeparator(head []byte, quote byte) byte {
	best, bestLines, bestCount := byte(','), 0, 0
	for _, sep := range []byte{';', ',', '\t', '|'} {
		counts := countPerLine(head, sep, quote)
		lines, count := agreement(counts)
		if count > 0 && (lines > bestLines || lines == bestLines && count > bestCount) {
			best, bestLines, bestCount = sep, lines, count
		}
	}
	return best
}

// agreement is the count that most lines share, and how many do.
func agreement(counts []int) (lines, count int) {
	for i, c := range counts {
		n := 0
		for _, other := range counts[i:] {
			if other == c {
				n++
			}
		}
		if c > 0 && (n > lines || n == lines && c > count) {
			lines, count = n, c
		}
	}
	return lines, count
}

// countPerLine counts sep outside quotes on the first lines that are not blank.
func countPerLine(head []byte, sep, quote byte) []int {
	counts := make([]int, 0, sniffLines)
	quoted, count, length := false, 0, 0
	for _, b := range head {
		switch {
		case quote != 0 && b == quote:
			quoted = !quoted
		case quoted:
		case b == sep:
			count++
		case b == '\n' || b == '\r':
			if length > 0 {
				counts = append(counts, count)
			}
			count, length = 0, -1
		}
		if length++; len(counts) == sniffLines {
			return counts
		}
	}
	if length > 0 {
		counts = append(counts, count)
	}
	return counts
}
