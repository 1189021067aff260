// Package nearest finds the word that a misspelled one most likely means: the configuration and mapping files say it beside
// what they do not know. It refuses to correct anything.
package nearest

import "strings"

// Word is the known word that a misspelled one most likely means, "" when none is near.
func Word(word string, known []string) string {
	best, bestDistance := "", 1+len(word)/3
	for _, k := range known {
		if d := Distance(strings.ToLower(word), k); d <= bestDistance && (best == "" || d < bestDistance) {
			best, bestDistance = k, d
		}
	}
	return best
}

// DidYouMean is ": did you mean WORD?", or "" when no known word is near.
func DidYouMean(word string, known []string) string {
	if n := Word(word, known); n != "" {
		return ": did you mean " + n + "?"
	}
	return ""
}

// Distance is the edit distance of two words: how many bytes to insert, delete or replace, or neighbours to swap ("cvs" is
// nearer to csv than to pos). Words of more than 64 bytes are near to nothing.
func Distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	before, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, above, row = above, row, before
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := above[j-1]
			if a[i-1] != b[j-1] {
				cost = 1 + min(above[j-1], above[j], row[j-1])
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cost = min(cost, 1+before[j-2])
			}
			row[j] = cost
		}
	}
	return row[len(b)]
}
