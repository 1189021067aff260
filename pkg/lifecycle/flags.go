package lifecycle

import (
	"errors"
	"fmt"
	"strings"
)

// flags are the command-line flags that every service has.
type flags struct {
	file    string
	check   bool
	ready   bool
	version bool
	help    bool
}

// parseFlags reads -c FILE, --config FILE, --check, --ready, --version and --help. An error says what to type instead.
func parseFlags(args []string) (flags, error) {
	var f flags
	for i := 0; i < len(args); i++ {
		name, value, hasValue := strings.Cut(args[i], "=")
		switch name {
		case "-c", "--config", "-config":
			if !hasValue {
				i++
				if i == len(args) {
					return f, fmt.Errorf("%s needs a file: %s omnicapi.yaml", name, name)
				}
				value = args[i]
			}
			if value == "" {
				return f, fmt.Errorf("%s needs a file: %s omnicapi.yaml", name, name)
			}
			f.file = value
		case "--check", "-check":
			if hasValue {
				return f, errors.New("--check takes no value: type --check")
			}
			f.check = true
		case "--ready", "-ready":
			if hasValue {
				return f, errors.New("--ready takes no value: type --ready")
			}
			f.ready = true
		case "--version", "-version":
			f.version = true
		case "-h", "--help", "-help":
			f.help = true
		default:
			return f, unknown(name)
		}
	}
	return f, nil
}

func unknown(arg string) error {
	switch bare := strings.ToLower(strings.TrimLeft(arg, "-")); {
	case !strings.HasPrefix(arg, "-"):
		return errors.New("an argument without a flag: type -c FILE to name the configuration")
	case strings.HasPrefix(bare, "conf"), strings.HasPrefix(bare, "cfg"), bare == "f", bare == "file":
		return fmt.Errorf("unknown flag %s: type -c FILE", arg)
	case strings.HasPrefix(bare, "c"), strings.HasPrefix(bare, "valid"), strings.HasPrefix(bare, "dry"), bare == "t", bare == "test":
		return fmt.Errorf("unknown flag %s: type --check", arg)
	case strings.HasPrefix(bare, "v"):
		return fmt.Errorf("unknown flag %s: type --version", arg)
	}
	return fmt.Errorf("unknown flag %s: type -c FILE, --check, --ready, --version or --help", arg)
}

func usage(service string) string {
	return fmt.Sprintf(`Usage: %[1]s [-c FILE] [--check | --ready | --version]

  -c, --config FILE   the configuration; else $OMNICAPI_CONFIG, else ./omnicapi.yaml
      --check         say all that is wrong with the configuration, and end
      --ready         ask the running service of this configuration whether it is ready, and end: for health checks
      --version       say which build this is, and end
  -h, --help          this

Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.
Example: %[1]s -c /etc/omnicapi/omnicapi.yaml
`, service)
}
