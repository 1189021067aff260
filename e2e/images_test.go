package e2e

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// dockerfile is one of the two that our images are made by.
type dockerfile struct {
	path   string
	static func(stages [][]string) bool // its binary is built without C
}

var dockerfiles = []dockerfile{
	{"../deploy/Dockerfile", func(stages [][]string) bool {
		for _, s := range stages {
			env, build := -1, -1
			for i, line := range s {
				if strings.HasPrefix(line, "ENV ") && slices.Contains(strings.Fields(line), "CGO_ENABLED=0") {
					env = i
				}
				if strings.HasPrefix(line, "RUN ") && strings.Contains(line, " go build ") {
					build = i
				}
			}
			if build >= 0 {
				return env >= 0 && env < build
			}
		}
		return false
	}},
	{"../deploy/release.Dockerfile", func([][]string) bool { // it takes what .goreleaser.yaml has built
		var release struct {
			Builds []struct {
				ID  string
				Env []string
			}
		}
		text, err := os.ReadFile("../.goreleaser.yaml")
		if err != nil || yaml.Unmarshal(text, &release) != nil {
			return false
		}
		for _, b := range release.Builds {
			if !slices.Contains(b.Env, "CGO_ENABLED=0") {
				return false
			}
		}
		return len(release.Builds) > 0
	}},
}

// TestImages (T56): what is in our images is one static binary on a base of nothing else, without a shell, and its user is not root.
func TestImages(t *testing.T) {
	for _, d := range dockerfiles {
		text, err := os.ReadFile(d.path)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range d.problems(string(text)) {
			t.Errorf("%s: %s", d.path, p)
		}
	}
}

// TestImagesAreChecked: what is wrong with an image is seen.
func TestImagesAreChecked(t *testing.T) {
	text, err := os.ReadFile(dockerfiles[0].path)
	if err != nil {
		t.Fatal(err)
	}
	once := func(old, becomes string) string {
		if !strings.Contains(string(text), old) {
			t.Fatalf("there is no %q", old)
		}
		return strings.Replace(string(text), old, becomes, 1)
	}
	for name, broken := range map[string]string{
		"another base":        once("distroless/static-debian12:nonroot@", "distroless/base-debian12:nonroot@"),
		"a base with a shell": once("static-debian12:nonroot@", "static-debian12:debug-nonroot@"),
		"a base by its tag":   regexp.MustCompile(`(distroless\S+)@sha256:\S+`).ReplaceAllString(string(text), "$1"),
		"the build's stage":   once("FROM ${BASE_IMAGE}", "FROM build"),
		"root":                once("USER 65532:65532", "USER 0"),
		"root again":          string(text) + "USER root\n",
		"a user by name":      once("USER 65532:65532", "USER nonroot"),
		"with C":              once("ENV CGO_ENABLED=0", "ENV CGO_ENABLED=1"),
		"more than a binary":  once("USER ", "COPY deploy /deploy\nUSER "),
		"all of the build":    once("/out/service /service", "/ /"),
		"something is run":    once("USER ", "RUN \\\n  true\nUSER "),
		"from elsewhere":      once("USER ", "ADD https://example.com/x /x\nUSER "),
		"by a shell":          once(`ENTRYPOINT ["/service"]`, "ENTRYPOINT /service"),
	} {
		if dockerfiles[0].problems(broken) == nil {
			t.Errorf("%s: nothing is said", name)
		}
	}
}

var (
	bareBase = regexp.MustCompile(`^gcr\.io/distroless/static-debian\d+:nonroot@sha256:[0-9a-f]{64}$`)
	isUser   = regexp.MustCompile(`^USER [1-9]\d*(:[1-9]\d*)?$`)
	oneFile  = regexp.MustCompile(`^COPY (--from=build /out/service|\$TARGETPLATFORM/\$SERVICE) /service$`)
)

// problems is what is wrong with a Dockerfile's last stage, or with how its binary is built.
func (d dockerfile) problems(text string) (problems []string) {
	defaults, stages := stagesOf(text)
	last := stages[len(stages)-1]
	if base := baseOf(last[0], defaults, stages); !bareBase.MatchString(base) {
		problems = append(problems, fmt.Sprintf("its base is %q", base))
	}
	copies, user := 0, ""
	for _, line := range last[1:] {
		switch word, _, _ := strings.Cut(line, " "); word {
		case "ARG":
		case "COPY":
			if copies++; !oneFile.MatchString(line) || copies > 1 {
				problems = append(problems, "it has more than a binary: "+line)
			}
		case "USER":
			user = line
		case "ENTRYPOINT":
			if line != `ENTRYPOINT ["/service"]` {
				problems = append(problems, line)
			}
		default:
			problems = append(problems, "its last stage has "+line)
		}
	}
	if !isUser.MatchString(user) {
		problems = append(problems, fmt.Sprintf("it says %q, which need not be somebody else than root", user))
	}
	if !d.static(stages) {
		problems = append(problems, "its binary is built with C")
	}
	return problems
}

// stagesOf are the defaults of the arguments that choose images, and the lines of each stage, that of its FROM first.
func stagesOf(text string) (defaults map[string]string, stages [][]string) {
	defaults = map[string]string{}
	for line := range strings.Lines(strings.ReplaceAll(text, "\\\n", "")) {
		line = strings.Join(strings.Fields(line), " ")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "FROM "):
			stages = append(stages, []string{line})
		case len(stages) == 0:
			for _, a := range strings.Fields(line)[1:] {
				name, value, _ := strings.Cut(a, "=")
				defaults[name] = value
			}
		default:
			stages[len(stages)-1] = append(stages[len(stages)-1], line)
		}
	}
	return defaults, stages
}

// baseOf is the image that a stage begins with: an argument stands for its default, and a stage's name for what that begins with, if
// it adds nothing.
func baseOf(from string, defaults map[string]string, stages [][]string) string {
	image := strings.Fields(from)[1]
	if name, found := strings.CutPrefix(image, "${"); found {
		image = defaults[strings.TrimSuffix(name, "}")]
	}
	for _, s := range stages {
		if strings.HasSuffix(s[0], " AS "+image) && len(s) == 1 {
			return baseOf(s[0], defaults, stages)
		}
	}
	return image
}
