package catalog

import (
	"fmt"
	"io/fs"
	"strings"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/topic"
)

// pageOf is what a format's page says the format is: the one line below its heading.
func pageOf(repo fs.FS, f *format.Format) (string, error) {
	file := in(f, "README.md")
	text, err := fs.ReadFile(repo, file)
	if err != nil {
		return "", err
	}
	heading := "# `" + f.Name + "`\n"
	rest, found := strings.CutPrefix(string(text), heading)
	if !found {
		return "", fmt.Errorf("%s does not begin with the heading %q", file, strings.TrimSpace(heading))
	}
	what, _, _ := strings.Cut(strings.TrimLeft(rest, "\n"), "\n\n")
	if what = strings.TrimSpace(what); what == "" || strings.Contains(what, "\n") || strings.HasPrefix(what, "#") {
		return "", fmt.Errorf("%s does not say in one line below its heading what the format is", file)
	}
	return what, nil
}

// group is the formats of a channel.
type group struct {
	title   string
	formats []*format.Format
}

var titles = map[string]string{
	"website": "Website", "app": "Mobile app", "whatsapp": "WhatsApp", "store": "Physical store", "crm": "CRM", "cdp": "CDP",
	"platform": "Platform", "tagmanager": "Tag manager",
}

// groupsOf are the formats by channel; first those that may serve any.
func groupsOf(formats []*format.Format) []group {
	groups := []group{{title: "Any channel"}}
	of := map[string]int{}
	for i, c := range topic.Channels {
		groups = append(groups, group{title: titles[c]})
		of[c] = i + 1
	}
	for _, f := range formats {
		if len(f.Channels) == len(topic.Channels) {
			groups[0].formats = append(groups[0].formats, f)
			continue
		}
		for _, c := range f.Channels {
			groups[of[c]].formats = append(groups[of[c]].formats, f)
		}
	}
	return groups
}

// indexOf is a section a channel, a line a format: what it is and where it is posted to.
func indexOf(repo fs.FS, formats []*format.Format) (string, error) {
	var b strings.Builder
	for _, g := range groupsOf(formats) {
		fmt.Fprintf(&b, "\n## %s\n\n| format | what it is | posted to |\n|---|---|---|\n", g.title)
		for _, f := range g.formats {
			what, err := pageOf(repo, f)
			if err != nil {
				return "", err
			}
			fmt.Fprintf(&b, "| [`%s`](../%s) | %s | %s |\n", f.Name, in(f, "README.md"), what, postedTo(f))
		}
	}
	b.WriteString("\n")
	return b.String(), nil
}

func postedTo(f *format.Format) string {
	var places []string
	for _, o := range operationsOf(f) {
		places = append(places, "`"+strings.Join(o.methods, " ")+" "+o.path+"`")
	}
	return strings.Join(places, " · ")
}

// tableOf is a row a channel with links to its formats' pages.
func tableOf(_ fs.FS, formats []*format.Format) (string, error) {
	var b strings.Builder
	b.WriteString("| channel | formats |\n|---|---|\n")
	for _, g := range groupsOf(formats) {
		var links []string
		for _, f := range g.formats {
			links = append(links, fmt.Sprintf("[`%s`](%s)", f.Name, in(f, "README.md")))
		}
		fmt.Fprintf(&b, "| %s | %s |\n", g.title, strings.Join(links, ", "))
	}
	return b.String(), nil
}
