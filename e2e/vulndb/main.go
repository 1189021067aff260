// Command vulndb lays the reports of module golang.org/x/vulndb out as the database that govulncheck reads, for machines that
// reach the module proxy and not the database's own host: vulndb MODULE-FOLDER NEW-FOLDER.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// report is what the index needs to know of a report (https://ossf.github.io/osv-schema/); the rest is passed as it is.
type report struct {
	ID       string   `json:"id"`
	Aliases  []string `json:"aliases"`
	Affected []struct {
		Package struct {
			Name string `json:"name"`
		} `json:"package"`
	} `json:"affected"`
}

// The index (https://go.dev/doc/security/vuln/database#api).
type (
	module struct {
		Path  string `json:"path"`
		Vulns []vuln `json:"vulns"`
	}
	vuln struct {
		ID       string    `json:"id"`
		Modified time.Time `json:"modified"`
		Aliases  []string  `json:"aliases,omitempty"`
	}
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "vulndb:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	if len(args) != 2 {
		return errors.New("type vulndb MODULE-FOLDER NEW-FOLDER")
	}
	files, err := filepath.Glob(filepath.Join(args[0], "data", "osv", "GO-*.json"))
	if err != nil {
		return fmt.Errorf("looking for reports: %w", err)
	}
	if len(files) == 0 {
		return fmt.Errorf("no report in %s", filepath.Join(args[0], "data", "osv"))
	}
	for _, folder := range []string{"ID", "index"} {
		if err := os.MkdirAll(filepath.Join(args[1], folder), 0o755); err != nil {
			return fmt.Errorf("making a folder: %w", err)
		}
	}
	now := time.Now().UTC()
	vulns := make([]vuln, 0, len(files))
	byModule := map[string][]vuln{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("reading a report: %w", err)
		}
		var r report
		if err := json.Unmarshal(text, &r); err != nil {
			return fmt.Errorf("reading %s: %w", filepath.Base(file), err)
		}
		v := vuln{ID: r.ID, Modified: now}
		for _, a := range r.Affected {
			if of := byModule[a.Package.Name]; len(of) == 0 || of[len(of)-1].ID != r.ID {
				byModule[a.Package.Name] = append(of, v)
			}
		}
		v.Aliases = r.Aliases
		vulns = append(vulns, v)
		if err := os.WriteFile(filepath.Join(args[1], "ID", r.ID+".json"), text, 0o644); err != nil {
			return fmt.Errorf("writing a report: %w", err)
		}
	}
	modules := make([]module, 0, len(byModule))
	for path, of := range byModule {
		modules = append(modules, module{path, of})
	}
	slices.SortFunc(modules, func(a, b module) int { return strings.Compare(a.Path, b.Path) })
	for name, content := range map[string]any{"db": map[string]time.Time{"modified": now}, "vulns": vulns, "modules": modules} {
		text, err := json.Marshal(content)
		if err != nil {
			return fmt.Errorf("writing the index: %w", err)
		}
		if err := os.WriteFile(filepath.Join(args[1], "index", name+".json"), text, 0o644); err != nil {
			return fmt.Errorf("writing the index: %w", err)
		}
	}
	fmt.Fprintf(out, "%d reports on %d modules\n", len(vulns), len(modules))
	return nil
}
