package e2e

import (
	"debug/buildinfo"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/crashpoint"
)

// crashTag is the build tag without which there are no crash points.
const crashTag = "crashpoints"

var buildCrashing = sync.OnceValue(func() error { return build(filepath.Join(binaries, "crashing"), "-tags", crashTag) })

// crashing is the name of a binary that was built with crash points.
func crashing(t *testing.T, name string) string {
	t.Helper()
	if err := buildCrashing(); err != nil {
		t.Fatal(err)
	}
	return filepath.Join("crashing", name)
}

// armed is the environment of a process that sends itself a signal (KILL, TERM, STOP) when a point is reached that often.
func armed(point crashpoint.Point, times int, signal string) []string {
	return []string{"CRASHPOINT=" + string(point) + ":" + strconv.Itoa(times) + ":" + signal}
}

// TestReleasedBuildHasNoCrashPoints: what is built as a release is knows neither the variable that chooses a point nor any
// point's name, nor was it built with the tag.
func TestReleasedBuildHasNoCrashPoints(t *testing.T) {
	t.Parallel()
	for _, name := range services {
		info, err := buildinfo.ReadFile(filepath.Join(binaries, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range info.Settings {
			if s.Key == "-tags" {
				t.Errorf("%s is built with the tags %s", name, s.Value)
			}
		}
		if found := crashWords(t, name); len(found) > 0 {
			t.Errorf("%s holds %q", name, found)
		}
	}
	if found := crashWords(t, crashing(t, "omnicapi")); len(found) != 1+len(crashpoint.Points) {
		t.Errorf("with the tag only %q are found: this test sees nothing", found)
	}
	for _, file := range []string{"../.goreleaser.yaml", "../deploy/Dockerfile", "../Makefile"} {
		if strings.Contains(readFile(t, file), crashTag) {
			t.Errorf("%s builds with crash points", file)
		}
	}
}

// crashWords are what a binary holds of crash points.
func crashWords(t *testing.T, binary string) (found []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(binaries, binary))
	if err != nil {
		t.Fatal(err)
	}
	words := []string{"CRASHPOINT"}
	for _, p := range crashpoint.Points {
		words = append(words, string(p))
	}
	for _, w := range words {
		if strings.Contains(string(text), w) {
			found = append(found, w)
		}
	}
	return found
}

// TestEachCrashPointStandsOnce: the list of points is whole, and each of them stands in one place of the code.
func TestEachCrashPointStandsOnce(t *testing.T) {
	declared := regexp.MustCompile(`(?m)^\t(\w+) +Point += "([a-z.-]+)"`).FindAllStringSubmatch(readFile(t, "../pkg/crashpoint/crashpoint.go"), -1)
	if len(declared) != len(crashpoint.Points) {
		t.Errorf("%d points are declared, %d listed", len(declared), len(crashpoint.Points))
	}
	var code strings.Builder
	for _, root := range []string{"../pkg", "../services"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "/crashpoint/") {
				return err
			}
			code.WriteString(readFile(t, path))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, d := range declared {
		if i < len(crashpoint.Points) && string(crashpoint.Points[i]) != d[2] {
			t.Errorf("%s is listed where %s is declared", crashpoint.Points[i], d[2])
		}
		if n := len(regexp.MustCompile(`crashpoint\.`+d[1]+`\b`).FindAllString(code.String(), -1)); n != 1 {
			t.Errorf("%s stands in %d places", d[1], n)
		}
	}
}
