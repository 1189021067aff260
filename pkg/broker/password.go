package broker

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/twmb/franz-go/pkg/kfake"

	"github.com/omnicapi/omnicapi/pkg/config"
)

// How clients log in to a broker on disk. The password proves both sides and does not travel: SCRAM.
const (
	mechanism = "scram-sha-256"
	username  = "omnicapi"
)

func passwordPath(dir string) string { return filepath.Join(dir, "broker.password") }

// LoginTo is how clients log in to the broker of a data folder, for kafka.sasl; empty where it asks for nothing, as one of an earlier
// version did. Who may read the folder may log in, and nobody else.
func LoginTo(dir string) config.KafkaSASL {
	if _, err := os.Stat(passwordPath(dir)); err != nil {
		return config.KafkaSASL{}
	}
	return config.KafkaSASL{Mechanism: mechanism, Username: username, PasswordFile: passwordPath(dir)}
}

// password returns the folder's password, and makes one where there is none that is whole and this user's alone.
func (f *folder) password() (string, error) {
	path := passwordPath(f.dir)
	info, err := os.Stat(path)
	if err == nil && isPrivate(info) {
		text, err := os.ReadFile(path)
		if err != nil {
			return "", fmt.Errorf("reading the broker's password: %w", err)
		}
		if made := strings.TrimSpace(string(text)); len(made) == 2*passwordBytes {
			return made, nil
		}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("looking for the broker's password: %w", err)
	}
	var random [passwordBytes]byte
	_, _ = rand.Read(random[:]) // never fails (crypto/rand)
	made := hex.EncodeToString(random[:])
	if err := writeWhole(path, []byte(made+"\n")); err != nil {
		return "", fmt.Errorf("writing the broker's password: %w", err)
	}
	return made, nil
}

const passwordBytes = 32

// asking are the options of a kfake that lets in who knows the password. What kfake keeps of passwords goes before what it is told,
// so that it is taken away.
func asking(kafka, password string) ([]kfake.Opt, error) {
	if err := os.Remove(filepath.Join(kafka, "sasl.json")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("forgetting old passwords: %w", err)
	}
	return []kfake.Opt{kfake.EnableSASL(), kfake.Superuser(strings.ToUpper(mechanism), username, password)}, nil
}
