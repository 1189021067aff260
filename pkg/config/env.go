package config

import (
	"fmt"
	"slices"
	"strings"
)

// envPrefix begins every variable; envFile names the file instead of a value.
const (
	envPrefix = "OMNICAPI_"
	envFile   = "OMNICAPI_CONFIG"
)

// EnvName is the variable that overrides a path: OMNICAPI_ and the path in upper case, the rest as _.
func EnvName(path ...string) string {
	name := []byte(envPrefix + strings.ToUpper(strings.Join(path, "_")))
	for i, c := range name {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			name[i] = '_'
		}
	}
	return string(name)
}

// overrides are the values that environment variables set, in nested maps like the file's, with the variable of each.
type overrides struct {
	values   map[string]any
	from     map[string]string // path → variable
	problems Problems
	warnings []string
}

// readEnv finds the value of the file that each OMNICAPI_* variable sets. It adds no datasets and sources: the file names
// them.
func readEnv(environ []string, file map[string]any) *overrides {
	o := &overrides{values: map[string]any{}, from: map[string]string{}}
	known := map[string][]leaf{}
	root.leaves(nil, file, func(l leaf) {
		name := EnvName(l.path...)
		known[name] = append(known[name], l)
	})
	for _, entry := range slices.Sorted(slices.Values(environ)) {
		name, value, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, envPrefix) || name == envFile {
			continue
		}
		switch leaves := known[name]; len(leaves) {
		case 0:
			o.warnings = append(o.warnings, fmt.Sprintf("the variable %s sets nothing: no such configuration path", name))
		case 1:
			o.set(leaves[0], name, value)
		default:
			o.problems = append(o.problems, Problem{
				Path: dotted(leaves[0].path),
				What: fmt.Sprintf("%s could mean this or %s: rename one", name, dotted(leaves[1].path)),
			})
		}
	}
	return o
}

func (o *overrides) set(l leaf, name, value string) {
	path := dotted(l.path)
	o.from[path] = name
	var parsed any
	if l.kind == list {
		items := []string{}
		for item := range strings.SplitSeq(value, ",") {
			if item = strings.TrimSpace(item); item != "" {
				items = append(items, item)
			}
		}
		parsed = items
	} else {
		v, err := parse(l.kind, value)
		if err != nil {
			o.problems = append(o.problems, Problem{Path: path, What: err.Error() + " (from " + name + ")"})
			return
		}
		parsed = v
	}
	at := o.values
	for _, key := range l.path[:len(l.path)-1] {
		next, ok := at[key].(map[string]any)
		if !ok {
			next = map[string]any{}
			at[key] = next
		}
		at = next
	}
	at[l.path[len(l.path)-1]] = parsed
}
