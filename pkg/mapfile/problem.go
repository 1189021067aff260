package mapfile

import "strings"

// Problem is one thing wrong with a mapping file.
type Problem struct {
	Path string // in the file: columns.user_data.em.name
	What string
}

// Problems are all that is wrong with a mapping file.
type Problems []Problem

func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.What
		if one.Path != "" {
			lines[i] = one.Path + ": " + one.What
		}
	}
	return strings.Join(lines, "\n")
}

func (p *Problems) add(path, what string) { *p = append(*p, Problem{Path: path, What: what}) }
