package spool

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// installation is whose events a spool holds: those for the topics of one prefix on one cluster. The cluster's id is known once
// Kafka has been reached.
type installation struct {
	Prefix    string `json:"prefix"`
	ClusterID string `json:"cluster_id,omitempty"`
}

// readInstallation reads the mark in a spool's folder; none: the zero value.
func readInstallation(dir string) (installation, error) {
	var mark installation
	path := filepath.Join(dir, installationFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return mark, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &mark)
	}
	if err != nil || mark.Prefix == "" {
		return installation{}, fmt.Errorf("the spool's %s does not say whose it is: if the spool is this installation's, run: rm %s: %w", path, path, errors.Join(err, errUnmarked))
	}
	return mark, nil
}

var errUnmarked = errors.New("no prefix in it")

// write replaces the mark whole.
func (i installation) write(dir string) error {
	text, err := json.Marshal(i)
	if err != nil {
		return err
	}
	path := filepath.Join(dir, installationFile)
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(text, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	return syncFolder(dir)
}

// foreign is why a spool with events in it is not this installation's; nil: it may be.
func (i installation) foreign(dir string, ours installation) error {
	var what string
	switch {
	case i.Prefix != ours.Prefix && i.Prefix != "":
		what = fmt.Sprintf("kafka.prefix %q, not %q", i.Prefix, ours.Prefix)
	case i.ClusterID != ours.ClusterID && i.ClusterID != "" && ours.ClusterID != "":
		what = fmt.Sprintf("the Kafka cluster %q, not %q", i.ClusterID, ours.ClusterID)
	default:
		return nil
	}
	return fmt.Errorf("the spool in %s holds events of another installation (%s): name another folder in ingest.spool.dir; or, if its events shall go to this one, run: rm %s",
		dir, what, filepath.Join(dir, installationFile))
}
