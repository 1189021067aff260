package config

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// signalsKept is how long signals stay on Kafka: what is not delivered before is lost.
const signalsKept = 14 * 24 * time.Hour

var idRule = regexp.MustCompile(`^[0-9]{1,20}$`)

func (c *checker) dataset(path, name string, d Dataset) {
	c.name(path, name)
	if !idRule.MatchString(d.ID) {
		c.wrong(path+".id", "is no dataset id: Events Manager shows it, digits only")
	}
	if d.TokenFile == "" {
		if c.reads(RoleForwarder) {
			c.wrong(path+".token_file", "is required: the file with the dataset's access token")
		}
	} else if c.reads(RoleForwarder, RoleSandbox) {
		c.secret(path+".token_file", d.TokenFile)
	}
	if c.reads(RoleForwarder) {
		c.secret(path+".app_secret_file", d.AppSecretFile)
	}
	if strings.TrimSpace(d.TestEventCode) != d.TestEventCode {
		c.wrong(path+".test_event_code", "begins or ends with a blank")
	}
	if d.Deadline <= 0 || d.Deadline >= signalsKept {
		c.wrong(path+".deadline", "is %s: it must be above 0 and shorter than the 14 days (336h) that Kafka keeps signals", d.Deadline)
	}
	c.between(path+".batch.events", int64(d.Batch.Events), 1, 1000, "")
	c.between(path+".batch.bytes", int64(d.Batch.Bytes), 4<<10, 16<<20, " bytes")
	if d.Batch.Bytes < c.cfg.Ingest.MaxEvent && c.reads(RoleForwarder) {
		c.wrong(path+".batch.bytes", "is %s, smaller than one event may be (ingest.max_event: %s)", d.Batch.Bytes, c.cfg.Ingest.MaxEvent)
	}
	if d.Batch.Linger < 0 || d.Batch.Linger > time.Minute {
		c.wrong(path+".batch.linger", "is %s, not between 0s and 1m", d.Batch.Linger)
	}
	c.between(path+".in_flight", int64(d.InFlight), 1, 64, "")
	c.between(path+".dedup", int64(d.Dedup), 0, 1_000_000, "")
	c.limitedDataUse(path+".limited_data_use", d.LimitedDataUse)
}

// limitedDataUse holds to Meta's list: country 0 or 1, state 0 or 1000–1013, a state only with a country.
func (c *checker) limitedDataUse(path string, l LimitedDataUse) {
	for _, o := range l.Options {
		if o != "LDU" {
			c.wrong(path+".options", "is not [] or [LDU]")
		}
	}
	c.between(path+".country", int64(l.Country), 0, 1, "")
	if l.State != 0 {
		c.between(path+".state", int64(l.State), 1000, 1013, "")
		if l.Country == 0 {
			c.wrong(path+".country", "is required with state: 1")
		}
	}
	if !slices.Contains(l.Options, "LDU") && (l.Country != 0 || l.State != 0) {
		c.wrong(path+".options", "must be [LDU] when country or state is set")
	}
}
