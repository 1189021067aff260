package catalog

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/omnicapi/omnicapi/pkg/format"
	"github.com/omnicapi/omnicapi/pkg/format/receive"
	"github.com/omnicapi/omnicapi/pkg/signature"
)

// acme is a sender that somebody begins to add.
var acme = &format.Format{
	Name: "acme.shop", Channels: []string{"platform"}, Browser: true, Signature: signature.Shopify{},
	Routes: []receive.Route{{Methods: []string{http.MethodPost}, Pattern: `/v1/platform/acme/{shop:[a-z]+}`}},
}

// whole is the repository with all that acme needs.
func whole() fstest.MapFS {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	return fstest.MapFS{
		"pkg/format/acmeshop/README.md":                   file("# `acme.shop`\n\nAcme's webhooks.\n\nPoint it here: …\n"),
		"pkg/format/acmeshop/openapi.yaml":                file("paths:\n  /v1/platform/acme/{shop}:\n    post: &a {summary: Hooks.}\n    options: *a\n"),
		"pkg/format/acmeshop/sample.yaml":                 file("acme:\n  {channel: platform, format: acme.shop, dataset: shop}\n"),
		"pkg/format/acmeshop/recorded/sources.yaml":       file("acme: {channel: platform, format: acme.shop}\n"),
		"pkg/format/acmeshop/recorded/secrets/acme.shop":  file("secret\n"),
		"pkg/format/acmeshop/recorded/order.http":         file("POST https://ingest.example.com/v1/platform/acme/a HTTP/1.1\n\n{}"),
		"pkg/format/acmeshop/recorded/order.answer":       file("200\n"),
		"pkg/format/acmeshop/recorded/order.raw.json":     file("[]\n"),
		"pkg/format/acmeshop/recorded/order.signals.json": file("[]\n"),
		"pkg/format/acmeshop/receive.go":                  file("package acmeshop\n"),
		"pkg/format/acmeshop/receive_test.go":             file("package acmeshop\n\nfunc FuzzReceive(f *testing.F) {}\n"),
	}
}

// TestMissing: whatever of a sender is not there is said, and what to do about it.
func TestMissing(t *testing.T) {
	if got := Missing(whole(), acme); len(got) > 0 {
		t.Fatalf("nothing is missing, and yet: %q", got)
	}
	const folder = "pkg/format/acmeshop/"
	const preflight = folder + "openapi.yaml lacks OPTIONS /v1/platform/acme/{shop}"
	says := map[string]string{
		"README.md":                   "it has no page: pkg/format/acmeshop/README.md tells how its senders are pointed here, below the heading \"# `acme.shop`\" and one line that says what it is",
		"openapi.yaml":                "pkg/format/acmeshop/openapi.yaml lacks POST /v1/platform/acme/{shop}",
		"sample.yaml":                 "`config init` does not show it: put a source of it into pkg/format/acmeshop/sample.yaml",
		"recorded/sources.yaml":       "its recorded requests have no source: put one into pkg/format/acmeshop/recorded/sources.yaml",
		"recorded/secrets/acme.shop":  "its recorded requests are signed with no secret: put it into pkg/format/acmeshop/recorded/secrets/acme.shop",
		"recorded/order.http":         "it has no recorded request: put one of a real sender's into pkg/format/acmeshop/recorded/CASE.http",
		"recorded/order.answer":       "pkg/format/acmeshop/recorded/order.answer is missing: go test ./services/ingest/internal/httpapi -run TestSenders/acme.shop -update writes it",
		"recorded/order.raw.json":     "pkg/format/acmeshop/recorded/order.raw.json is missing: go test ./services/ingest/internal/httpapi -run TestSenders/acme.shop -update writes it",
		"recorded/order.signals.json": "pkg/format/acmeshop/recorded/order.signals.json is missing: go test ./services/normalizer/internal/handle -run TestRecorded/acme.shop -update writes it",
		"receive_test.go":             "no fuzz target feeds it: add FuzzReceive and FuzzMap to pkg/format/acmeshop/*_test.go",
	}
	for name, want := range says {
		repo := whole()
		delete(repo, folder+name)
		got := Missing(repo, acme)
		wants := []string{want}
		if name == "openapi.yaml" {
			wants = append(wants, preflight)
		}
		if !slices.Equal(got, wants) {
			t.Errorf("without %s: %q", name, got)
		}
	}
	// A folder that holds nothing yet: all of it at once, in the order in which it is described.
	got := Missing(fstest.MapFS{}, acme)
	want := []string{says["README.md"], says["openapi.yaml"], preflight}
	for _, name := range []string{"sample.yaml", "recorded/sources.yaml", "recorded/secrets/acme.shop", "recorded/order.http"} {
		want = append(want, says[name])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestMissingInFiles: a file that is there and does not say what it must is seen, too.
func TestMissingInFiles(t *testing.T) {
	for _, c := range []struct{ file, text, want string }{
		{"README.md", "# Acme\n", "its page cannot be listed: pkg/format/acmeshop/README.md does not begin with the heading \"# `acme.shop`\""},
		{"README.md", "# `acme.shop`\n\nOne\nand another.\n", "its page cannot be listed: pkg/format/acmeshop/README.md does not say in one line below its heading what the format is"},
		{"README.md", "# `acme.shop`\n\n## Point it here\n", "its page cannot be listed: pkg/format/acmeshop/README.md does not say in one line below its heading what the format is"},
		{"openapi.yaml", "paths:\n  /v1/platform/acme/{shop}:\n    post: {}\n", "pkg/format/acmeshop/openapi.yaml lacks OPTIONS /v1/platform/acme/{shop}"},
		{"sample.yaml", "acme: {format: acme.shopping}\n", "`config init` does not show it: put a source of it into pkg/format/acmeshop/sample.yaml"},
		{"recorded/sources.yaml", "acme: {format: acme}\n", "its recorded requests have no source: put one into pkg/format/acmeshop/recorded/sources.yaml"},
	} {
		repo := whole()
		repo["pkg/format/acmeshop/"+c.file] = &fstest.MapFile{Data: []byte(c.text)}
		if got := Missing(repo, acme); !slices.Equal(got, []string{c.want}) {
			t.Errorf("%s as %q: %q", c.file, c.text, got)
		}
	}
	repo := whole()
	repo["pkg/format/acmeshop/openapi.yaml"] = &fstest.MapFile{Data: []byte("paths: [")}
	if got := Missing(repo, acme); len(got) != 1 {
		t.Errorf("operations that are no YAML: %q", got)
	}
}

// TestFiles: an added sender is told of wherever all are.
func TestFiles(t *testing.T) {
	repo := whole()
	page := &fstest.MapFile{Data: []byte("# Ours\n\n" + madeFrom + "old\n" + madeTo + "\nRules.\n")}
	repo[index], repo[readme] = page, page
	repo[apiBase] = &fstest.MapFile{Data: []byte("openapi: 3.1.0\npaths:\n  /v1/sources/{source}:\n    post: {}\ncomponents:\n  schemas:\n    Own: {}\n")}
	repo["pkg/format/acmeshop/openapi.yaml"].Data = append(repo["pkg/format/acmeshop/openapi.yaml"].Data, "components:\n  schemas:\n    Acme: {}\n"...)
	got, err := Files(repo, []*format.Format{acme})
	if err != nil {
		t.Fatal(err)
	}
	var rows strings.Builder
	for _, title := range []string{"Any channel", "Website", "Mobile app", "WhatsApp", "Physical store", "CRM", "CDP", "Platform", "Tag manager"} {
		rows.WriteString("\n## " + title + "\n\n| format | what it is | posted to |\n|---|---|---|\n")
		if title == "Platform" {
			rows.WriteString("| [`acme.shop`](../pkg/format/acmeshop/README.md) | Acme's webhooks. | `POST /v1/platform/acme/{shop}` |\n")
		}
	}
	want := map[string]string{
		index: "# Ours\n\n" + madeFrom + rows.String() + "\n" + madeTo + "\nRules.\n",
		readme: "# Ours\n\n" + madeFrom + "| channel | formats |\n|---|---|\n| Any channel |  |\n| Website |  |\n| Mobile app |  |\n| WhatsApp |  |\n| Physical store |  |\n" +
			"| CRM |  |\n| CDP |  |\n| Platform | [`acme.shop`](pkg/format/acmeshop/README.md) |\n| Tag manager |  |\n" + madeTo + "\nRules.\n",
		api: "# Made by go generate ./pkg/format/all of openapi.base.yaml beside it and the formats' openapi.yaml.\n" +
			"openapi: 3.1.0\npaths:\n  /v1/platform/acme/{shop}:\n    post: &acmeshop-a {summary: Hooks.}\n    options: *acmeshop-a\n  /v1/sources/{source}:\n    post: {}\n" +
			"components:\n  schemas:\n    Acme: {}\n    Own: {}\n",
	}
	for _, file := range slices.Sorted(maps.Keys(want)) {
		if diff := cmp.Diff(want[file], got[file]); diff != "" {
			t.Errorf("%s: %s", file, diff)
		}
	}
	repo["pkg/format/acmeshop/openapi.yaml"].Data = append(repo["pkg/format/acmeshop/openapi.yaml"].Data, "  headers:\n    X: {}\n"...)
	if _, err := Files(repo, []*format.Format{acme}); err == nil {
		t.Error("a section that the base lacks is lost")
	}
	repo[readme] = &fstest.MapFile{Data: []byte("# Ours\n")}
	if _, err := Files(repo, []*format.Format{acme}); err == nil {
		t.Error("a page without marks is written")
	}
}
