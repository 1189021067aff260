package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/omnicapi/omnicapi/pkg/event"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/stream"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/identifier"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/operation"
	"github.com/omnicapi/omnicapi/services/omnicapi/internal/table"
)

type suppressCommand struct {
	Add    suppressAdd    `cmd:"" help:"Drop the events of a person from now on, those on their way, too."`
	Remove suppressRemove `cmd:"" help:"Take a person off the list."`
	List   suppressList   `cmd:"" help:"List who is suppressed, by hash."`
	Import suppressImport `cmd:"" help:"Add the persons of a file."`
}

// personFlags name a person.
type personFlags struct {
	Email      []string `sep:"none" placeholder:"ADDRESS" help:"An e-mail address; may be repeated, as the following may."`
	Phone      []string `sep:"none" placeholder:"NUMBER" help:"A phone number, with + or with --country."`
	ExternalID []string `name:"external-id" sep:"none" placeholder:"ID" help:"What events send as external_id: a customer's or a membership number."`
	Country    string   `placeholder:"CODE" help:"How a phone number without + is read: DE, US."`
}

const personHelp = "Each may be its SHA-256 as Meta gets it, too. What is typed is normalized and hashed at once, as in events, and is neither printed nor " +
	"stored; a shell may keep it in its history: import reads a file, or - for its input.\n\n"

// countryCode is a country as it was typed.
func countryCode(typed string) (string, error) {
	code := identity.CountryCode([]byte(typed))
	if typed != "" && code == "" {
		return "", usagef("--country: no country is %s", typed)
	}
	return code, nil
}

// persons are those that flags name.
func (f personFlags) persons() ([]event.Suppression, error) {
	country, err := countryCode(f.Country)
	if err != nil {
		return nil, err
	}
	var all []event.Suppression
	for kind, texts := range [][]string{f.Email, f.Phone, f.ExternalID} {
		for i, text := range texts {
			s, err := identifier.Of(identifier.Kind(kind), []byte(text), country)
			if err != nil {
				return nil, usagef("--%s, number %d: %w", strings.ReplaceAll(identifier.Kinds[kind], "_", "-"), i+1, err)
			}
			if !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	if len(all) == 0 {
		return nil, usagef("whom? type --email, --phone or --external-id")
	}
	return all, nil
}

type suppressAdd struct {
	configFlags
	personFlags
}

func (suppressAdd) Help() string {
	return personHelp + "Examples:\n  omnicapi suppress add --email jane.doe@example.com --phone '+1 415 555 0123'\n  omnicapi suppress add --phone 01701234567 --country DE"
}

func (c *suppressAdd) Run(ctx context.Context, t terminal) error {
	list, err := c.persons()
	if err != nil {
		return err
	}
	return c.change(ctx, t, "add", list, false)
}

type suppressRemove struct {
	configFlags
	personFlags
}

func (suppressRemove) Help() string {
	return personHelp + "Example:\n  omnicapi suppress remove --email jane.doe@example.com"
}

func (c *suppressRemove) Run(ctx context.Context, t terminal) error {
	list, err := c.persons()
	if err != nil {
		return err
	}
	return c.change(ctx, t, "remove", list, true)
}

// change puts persons on the list or takes them off: those of whom it says so already are left as they are. It is recorded on the topic
// audit, which knows how many they were.
func (f configFlags) change(ctx context.Context, t terminal, verb string, list []event.Suppression, remove bool) error {
	s, err := f.open(ctx, t)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Writable(ctx, []string{s.names.Suppressions()}); err != nil {
		return err
	}
	now, err := s.suppressed(ctx, t)
	if err != nil {
		return err
	}
	todo := slices.DeleteFunc(list, func(p event.Suppression) bool { _, on := now[idOf(&p)]; return on != remove })
	if already := len(list) - len(todo); already > 0 {
		t.say("%d %s", already, map[bool]string{false: "on the list already", true: "not on the list"}[remove])
	}
	if len(todo) == 0 {
		return nil
	}
	o := operation.By(t.environ, "suppress "+verb)
	o.Letters = len(todo)
	if err := s.recorded(ctx, o, nil, func() (int, error) { return s.write(ctx, todo, remove) }); err != nil {
		return err
	}
	t.say("%d %s; every process knows it within 5 s", len(todo), map[bool]string{false: "added", true: "taken off"}[remove])
	return nil
}

// maxTogether is how many records are written at once.
const maxTogether = 1000

func (s *session) write(ctx context.Context, list []event.Suppression, remove bool) (written int, err error) {
	p := s.NewProducer(stream.ProducerConfig{})
	defer func() {
		within, cancel := context.WithTimeout(context.WithoutCancel(ctx), pingWithin)
		defer cancel()
		err = errors.Join(err, p.Close(within))
	}()
	for some := range slices.Chunk(list, maxTogether) {
		recs := make([]stream.Record, 0, len(some))
		for _, one := range some {
			one.AddedAt, one.Removed = time.Now(), remove
			rec, err := one.Record(s.names.Suppressions())
			if err != nil {
				return written, err
			}
			recs = append(recs, rec)
		}
		if err := p.Publish(ctx, recs...); err != nil {
			return written, fmt.Errorf("writing the suppressions: %w", err)
		}
		written += len(recs)
	}
	return written, nil
}

// suppressionID is what a suppression is known by.
type suppressionID struct {
	kind string
	hash [32]byte
}

func idOf(s *event.Suppression) suppressionID { return suppressionID{s.Kind, s.Hash} }

// suppressed are the persons on the list.
func (s *session) suppressed(ctx context.Context, t terminal) (map[suppressionID]event.Suppression, error) {
	list, unreadable := map[suppressionID]event.Suppression{}, 0
	err := s.Scan(ctx, s.names.Suppressions(), time.Time{}, func(r *stream.Record) error {
		one, err := event.DecodeSuppression(r)
		switch {
		case err != nil:
			unreadable++
		case one.Removed:
			delete(list, idOf(&one))
		default:
			list[idOf(&one)] = one
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the suppressions: %w", err)
	}
	if unreadable > 0 {
		t.warn("omnicapi: %d records of the topic are no suppressions", unreadable)
	}
	return list, nil
}

type suppressList struct {
	configFlags
	outputFlags
}

func (suppressList) Help() string {
	return "It shows the beginning of each hash: nobody's address can be read from it.\n\nExamples:\n  omnicapi suppress list\n  omnicapi suppress list --output json"
}

// shownSuppression is a suppression in the JSON output for programs.
type shownSuppression struct {
	Kind    string    `json:"kind"`
	Hash    string    `json:"hash"`
	AddedAt time.Time `json:"added_at"`
}

func (c *suppressList) Run(ctx context.Context, t terminal) error {
	s, err := c.open(ctx, t)
	if err != nil {
		return err
	}
	defer s.Close()
	there, err := s.Topics(ctx, s.names.Suppressions())
	if err != nil {
		return err
	}
	if len(there) == 0 {
		return s.Absent(ctx, []string{s.names.Suppressions()})
	}
	found, err := s.suppressed(ctx, t)
	if err != nil {
		return err
	}
	list := make([]shownSuppression, 0, len(found))
	for _, one := range found {
		const shown = 12 // digits
		list = append(list, shownSuppression{one.Kind, hex.EncodeToString(one.Hash[:])[:shown], one.AddedAt})
	}
	slices.SortFunc(list, func(a, b shownSuppression) int {
		return firstOf(a.AddedAt.Compare(b.AddedAt), strings.Compare(a.Kind, b.Kind), strings.Compare(a.Hash, b.Hash))
	})
	return printSuppressions(t, c.outputFlags, list)
}

// firstOf is the first that is not 0.
func firstOf(compared ...int) int {
	for _, c := range compared {
		if c != 0 {
			return c
		}
	}
	return 0
}

func printSuppressions(t terminal, o outputFlags, list []shownSuppression) error {
	if o.json() {
		for _, one := range list {
			if err := printJSON(t.stdout, one); err != nil {
				return err
			}
		}
		return nil
	}
	if len(list) == 0 {
		t.say("nobody is suppressed")
		return nil
	}
	tab := table.New("ADDED", "KIND", "HASH")
	for _, one := range list {
		tab.Add(one.AddedAt.Local().Format(shortTime), one.Kind, one.Hash+"…")
	}
	return tab.Write(t.stdout, t.screen())
}

type suppressImport struct {
	configFlags
	As      string `enum:",email,phone,external_id" default:"" placeholder:"KIND" help:"What the lines of a file without a header are: email, phone, external_id."`
	Country string `placeholder:"CODE" help:"How phone numbers without + are read: DE, US; a column country comes first."`
	File    string `arg:"" complete:"file" help:"The file; - is the standard input."`
}

func (suppressImport) Help() string {
	return "CSV with a header of email, phone, external_id and country, of which any may be left out; or one identifier a line: one with @ is an e-mail\n" +
		"address, one that begins with + a phone number. Hashes are taken, too. Lines that name nobody are refused by number, exit 1, and the rest is added.\n\n" +
		"Examples:\n  omnicapi suppress import persons.csv --country DE\n  omnicapi suppress import --as external_id - < members.txt"
}

func (c *suppressImport) Run(ctx context.Context, t terminal) error {
	country, err := countryCode(c.Country)
	if err != nil {
		return err
	}
	var in io.Reader = os.Stdin
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return usageError{fmt.Errorf("opening the file: %w", err)}
		}
		defer f.Close()
		in = f
	}
	read, err := identifier.Read(in, identifier.Kind(slices.Index(identifier.Kinds, c.As)), country)
	if err != nil {
		return err
	}
	if len(read.Persons) > 0 {
		if err := c.change(ctx, t, "import", read.Persons, false); err != nil {
			return err
		}
	}
	for _, r := range read.Refused {
		t.warn("line %s: %v", strconv.Itoa(r.Line), r.Why)
	}
	switch n := len(read.Refused); {
	case n > 0:
		return fmt.Errorf("%d refused, the rest was taken", n)
	case len(read.Persons) == 0:
		return errors.New("the file names nobody")
	}
	return nil
}
