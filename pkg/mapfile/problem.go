package mapfile

import (
	"strconv"
	"strings"
)

// Problem is one thing wrong with a mapping file.
type Problem struct {
	Path string // in the file: columns.user_data.em.name
	Line int    // of the file; 0: of none
	What string
}

// Problems are all that is wrong with a mapping file.
type Problems []Problem

func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.String()
	}
	return strings.Join(lines, "\n")
}

func (p Problem) String() string {
	text := p.What
	if p.Path != "" {
		text = p.Path + ": " + text
	}
	if p.Line > 0 {
		text = "line " + strconv.Itoa(p.Line) + ": " + text
	}
	return text
}

func (p *Problems) add(path, what string) { *p = append(*p, Problem{Path: path, What: what}) }
