package mapfile

import (
	"maps"
	"slices"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/nearest"
)

// standard are members of custom_data and contents that Meta names, beside those with a kind of their own. Any other name may
// be a property of the sender's.
var standard = []string{
	"custom_data.order_id", "custom_data.content_name", "custom_data.content_category", "custom_data.content_type", "custom_data.search_string",
	"custom_data.status", "custom_data.delivery_category", "custom_data.contents[].brand", "custom_data.contents[].category",
	"custom_data.contents[].title", "custom_data.contents[].delivery_category",
}

// known are the targets that have a meaning of their own.
var known = func() []string {
	all := slices.Concat(standard, slices.Collect(maps.Keys(topLevel)))
	for section, kinds := range map[string]map[string]kind{"custom_data.": customKinds, "custom_data.contents[].": contentKinds, "app_data.": appKinds} {
		for name := range kinds {
			all = append(all, section+name)
		}
	}
	for k := range identity.NumKeys {
		all = append(all, "user_data."+k.String())
	}
	slices.Sort(all)
	return all
}()

// The keys of a mapping file, of its format and of a column.
var (
	topKeys    = []string{"version", "channel", "match", "format", "defaults", "group_by", "columns"}
	formatKeys = []string{
		"type", "items", "sheet", "separator", "quote", "encoding", "header_rows", "skip_rows", "skip_blank_rows", "decimal", "date_format",
		"timezone", "default_country_code",
	}
	columnKeys = []string{"name", "column", "index", "path", "form"}
)

// listed are words as a sentence has them: a, b and c.
func listed(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// meant is ": did you mean TARGET?" for a path that is none: the nearest of the known ones, of which a section left out or
// misspelled, or a match key's other name, is told by what stands behind it.
func meant(path string) string {
	path = strings.ToLower(strings.NewReplacer("/", ".", " ", "_", "-", "_").Replace(path))
	if slices.Contains(known, path) {
		return ": did you mean " + path + "?"
	}
	member := path[strings.LastIndexByte(path, '.')+1:]
	if key, ok := identity.KeyOf([]byte(member)); ok {
		return ": did you mean user_data." + key.String() + "?"
	}
	if found := nearest.Word(path, known); found != "" {
		return ": did you mean " + found + "?"
	}
	best, found := 1+len(member)/3, ""
	for _, k := range known {
		if d := nearest.Distance(member, k[strings.LastIndexByte(k, '.')+1:]); d < best {
			best, found = d, k
		}
	}
	if found == "" {
		return ""
	}
	return ": did you mean " + found + "?"
}

// Doubts are targets that the mapping may have meant otherwise: properties of the sender's own whose names are a slip of the
// hand away from a known one, which the mapping does not fill. They are no faults; each is a line for a person.
func (m *Mapping) Doubts() []string {
	var all []string
	for i := range m.fields {
		path := m.fields[i].target.path
		if slices.Contains(known, path) || !strings.HasPrefix(path, "custom_data.") {
			continue
		}
		for _, k := range known {
			if strings.HasPrefix(k, "custom_data.") && len(k) > len("custom_data.xxxx") && nearest.Distance(path, k) == 1 && !m.fills(k) {
				all = append(all, "columns."+path+" becomes a property of your own: did you mean "+k+"?")
			}
		}
	}
	return all
}

// fills says whether a field has a target.
func (m *Mapping) fills(path string) bool {
	return slices.ContainsFunc(m.fields, func(f field) bool { return f.target.path == path })
}
