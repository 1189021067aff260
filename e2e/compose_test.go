package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/omnicapi/omnicapi/pkg/config"
)

// composed is a service of docker-compose.yml.
type composed struct {
	Image    string
	Build    struct{ Dockerfile string }
	User     string
	ReadOnly bool     `yaml:"read_only"`
	CapDrop  []string `yaml:"cap_drop"`
	Security []string `yaml:"security_opt"`
	Secrets  []string
}

type composeFile struct {
	Services map[string]composed
	Secrets  map[string]struct{ File string }
}

// roles are our services in docker-compose.yml, and what they read of the configuration.
var roles = map[string]config.Role{
	"topics": config.RoleCommand, "sandbox": config.RoleSandbox, "ingest": config.RoleIngest,
	"normalizer": config.RoleNormalizer, "forwarder": config.RoleForwarder,
}

// composeSecrets runs deploy/compose/secrets.sh in a copy of its folder, and returns that.
func composeSecrets(t *testing.T) (root string) {
	t.Helper()
	root = t.TempDir()
	script, err := os.ReadFile("../deploy/compose/secrets.sh")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(root, "deploy", "compose", "secrets.sh")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, script, 0o700); err != nil {
		t.Fatal(err)
	}
	runSecrets(t, root)
	return root
}

func runSecrets(t *testing.T, root string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), filepath.Join(root, "deploy", "compose", "secrets.sh")).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// TestComposeSecrets (T58): each service of docker-compose.yml starts with the secrets that it is given, and with none of them less.
func TestComposeSecrets(t *testing.T) {
	var compose composeFile
	readYAML(t, "../docker-compose.yml", &compose)
	made := composeSecrets(t)
	text, err := os.ReadFile("../deploy/compose/omnicapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	mapping, err := os.ReadFile("../deploy/compose/store.json")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "strict_secrets: true") {
		t.Error("strict_secrets is off")
	}
	for name, role := range roles {
		given := compose.Services[name].Secrets
		load := func(secrets []string) error {
			dir := t.TempDir()
			for _, s := range secrets {
				held, err := os.ReadFile(filepath.Join(made, compose.Secrets[s].File))
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, s), held, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			file := filepath.Join(dir, "omnicapi.yaml")
			for path, text := range map[string][]byte{file: []byte(strings.ReplaceAll(string(text), "/run/secrets", dir)), filepath.Join(dir, "store.json"): mapping} {
				if err := os.WriteFile(path, text, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			_, _, err := config.Load(file, nil, role)
			return err
		}
		if err := load(given); err != nil {
			t.Errorf("%s does not start with %v: %v", name, given, err)
		}
		for i := range given {
			if load(slices.Delete(slices.Clone(given), i, i+1)) == nil {
				t.Errorf("%s does not read its %s", name, given[i])
			}
		}
	}
}

// TestSecretsScript: secrets.sh makes secrets that are random and their user's alone, keeps those that are there, and leaves the rest
// of .env as it is; git knows none of them.
func TestSecretsScript(t *testing.T) {
	first, second := composeSecrets(t), composeSecrets(t)
	read := func(root, name string) string {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	const key, token = "deploy/compose/secrets/website.key", "deploy/compose/secrets/shop.token"
	for _, name := range []string{key, token} {
		info, err := os.Stat(filepath.Join(first, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", name, info, err)
		}
		if !regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(read(first, name)) || read(first, name) == read(second, name) {
			t.Errorf("%s is not random", name)
		}
	}
	if read(first, key) == read(first, token) {
		t.Error("key and token are the same")
	}
	was := read(first, key)
	if err := os.Remove(filepath.Join(first, token)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(first, ".env"), []byte("OTHER=1\nOMNICAPI_USER=9:9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	runSecrets(t, first)
	if read(first, key) != was || read(first, token) == "" {
		t.Error("a second run changed what was there, or left what was not")
	}
	if env := read(first, ".env"); !regexp.MustCompile(`^OTHER=1\nOMNICAPI_USER=\d+:\d+\n$`).MatchString(env) || strings.Contains(env, "9:9") {
		t.Errorf(".env became %q", env)
	}
	ignored, err := os.ReadFile("../.gitignore")
	if err != nil || !strings.Contains(string(ignored), "\n/deploy/compose/secrets/\n") || !strings.Contains(string(ignored), "\n/.env\n") {
		t.Errorf("git does not ignore them: %v", err)
	}
}

// TestComposeHardening (T55, T57): images are named by digest, and no service may write to its root or has a capability.
func TestComposeHardening(t *testing.T) {
	var compose composeFile
	readYAML(t, "../docker-compose.yml", &compose)
	digest := regexp.MustCompile(`@sha256:[0-9a-f]{64}\}?$`)
	for name, s := range compose.Services {
		if s.Build.Dockerfile == "" && !digest.MatchString(s.Image) {
			t.Errorf("%s: %s is no image by digest", name, s.Image)
		}
		if !slices.Contains(s.CapDrop, "ALL") || !slices.Contains(s.Security, "no-new-privileges:true") {
			t.Errorf("%s has capabilities, or may get some", name)
		}
		if !s.ReadOnly && name != "kafka" { // whose image writes its configuration
			t.Errorf("%s may write to its root", name)
		}
		if _, ours := roles[name]; ours && !strings.HasPrefix(s.User, "${OMNICAPI_USER:?") {
			t.Errorf("%s runs as %q", name, s.User)
		}
	}
	for _, file := range []string{"../deploy/Dockerfile", "../deploy/release.Dockerfile"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		froms := regexp.MustCompile(`(?m)^FROM (\S+)`).FindAllStringSubmatch(string(text), -1)
		for _, from := range froms {
			if !digest.MatchString(from[1]) && !strings.HasPrefix(from[1], "${") {
				t.Errorf("%s: %s is no image by digest", file, from[1])
			}
		}
		if len(froms) == 0 {
			t.Errorf("%s names no image", file)
		}
	}
}
