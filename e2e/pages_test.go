package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// list is a page whose rows, numbered behind a letter, name the tests that show what they say.
type list struct {
	file   string
	letter string
	rows   int
}

// TestPagesNameTests: each fault and each threat has one row, in order, that names tests or says why there is none, and every test
// that a page names is in the tree.
func TestPagesNameTests(t *testing.T) {
	for _, l := range []list{{"reliability.md", "F", 80}, {"security.md", "T", 64}} {
		t.Run(l.file, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("..", "docs", l.file))
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range l.problems(string(text), "..") {
				t.Error(p)
			}
		})
	}
}

// TestPagesAreChecked: what is wrong with a page is seen.
func TestPagesAreChecked(t *testing.T) {
	l := list{letter: "F", rows: 80}
	rows := make([]string, l.rows)
	for i := range rows {
		rows[i] = fmt.Sprintf("| F%d | a fault | it holds | `e2e.TestVersionsAgree` |", i+1)
	}
	page := strings.Join(rows, "\n")
	if got := l.problems(page, ".."); got != nil {
		t.Errorf("a good page: %v", got)
	}
	once := func(old, becomes string) string { return strings.Replace(page, old, becomes, 1) }
	for name, broken := range map[string]string{
		"an empty row":             once("`e2e.TestVersionsAgree`", ""),
		"words":                    once("`e2e.TestVersionsAgree`", "surely"),
		"no reason":                once("`e2e.TestVersionsAgree`", "Not shown:"),
		"a test that is not there": once("TestVersionsAgree", "TestNothingOfTheKind"),
		"a folder likewise":        once("e2e.", "pkg/none."),
		"a row twice":              once("| F7 |", "| F8 |"),
		"a row too few":            strings.Join(rows[1:], "\n"),
		"nothing":                  "",
	} {
		if l.problems(broken, "..") == nil {
			t.Errorf("%s: nothing is said", name)
		}
	}
}

var (
	rowOfList = regexp.MustCompile(`(?m)^\| ([A-Z])(\d+) \|(.*)\|$`)
	testName  = regexp.MustCompile("`([a-z0-9/]+)\\.((?:Test|Fuzz)[A-Za-z0-9]+)`")
	whyNot    = regexp.MustCompile(`^(Not shown|Does not apply): \S.{20,}`)
)

// problems is what is wrong with a page of the tree at root.
func (l list) problems(page, root string) (problems []string) {
	rows := rowOfList.FindAllStringSubmatch(page, -1)
	if len(rows) != l.rows {
		problems = append(problems, fmt.Sprintf("%d rows, want %d", len(rows), l.rows))
	}
	for i, row := range rows {
		name := row[1] + row[2]
		if want := fmt.Sprint(l.letter, i+1); name != want {
			problems = append(problems, fmt.Sprintf("%s stands where %s belongs", name, want))
		}
		cells := strings.Split(row[3], "|")
		if len(cells) != 3 || strings.TrimSpace(cells[0]) == "" {
			problems = append(problems, name+" has not the table's columns")
			continue
		}
		shown := strings.TrimSpace(cells[2])
		switch {
		case whyNot.MatchString(shown):
		case !testName.MatchString(shown) || strings.TrimSpace(cells[1]) == "":
			problems = append(problems, name+" neither names a test nor says why there is none")
		}
	}
	for _, m := range testName.FindAllStringSubmatch(page, -1) {
		if !declares(filepath.Join(root, m[1]), m[2]) {
			problems = append(problems, fmt.Sprintf("%s has no %s", m[1], m[2]))
		}
	}
	return problems
}

// declares says whether a test file of the folder declares the function.
func declares(folder, function string) bool {
	files, _ := filepath.Glob(filepath.Join(folder, "*_test.go")) // the pattern is right
	for _, f := range files {
		if text, err := os.ReadFile(f); err == nil && strings.Contains(string(text), "\nfunc "+function+"(") {
			return true
		}
	}
	return false
}
