package google

import (
	"bytes"

	"github.com/omnicapi/omnicapi/pkg/format/mapping"
	"github.com/omnicapi/omnicapi/pkg/privacy"
)

// Consent takes a field of Google's consent mode, as tags and Data Clients name it; false: it is none.
func (h *Hit) Consent(key, value []byte) bool {
	switch string(key) {
	case "gcs", "x-ga-gcs":
		h.Storage = value
	case "gcd", "x-ga-gcd":
		h.Signals = value
	case "ad_storage", "adStorage", "consent_state.ad_storage", "consent.ad_storage": // said by itself
		h.stored = privacy.Stricter(h.stored, privacy.ReadConsent(value))
	default:
		return false
	}
	return true
}

// ReadConsent reads Google's consent mode. gcd has a letter for each of four purposes at a fixed place, with a digit before it
// (13t3t3t3t5): ad_user_data is the third. Its letters are l: not set; p, q, m, u: denied; n, r, t, v: granted. Where it is
// not set, not known or not there, the first digit of gcs after G1 is ad_storage, which then decides; a gcd or gcs that neither
// can be read nor says that nothing is set counts as a denial. What the event says in words goes before ad_storage.
func (h *Hit) ReadConsent(o *mapping.Output) {
	use := signal(bytes.TrimSpace(o.Text(o.FirstElement(h.Signals))))
	if mapping.IsEmpty(h.Signals) {
		use = privacy.Nothing
	}
	if o.Consent != privacy.Nothing { // said in words
		if use == privacy.Denied {
			o.Consent = use
		}
		return
	}
	if use == privacy.Nothing || use == privacy.Unreadable {
		stored := h.stored
		if !mapping.IsEmpty(h.Storage) {
			stored = privacy.Stricter(stored, storage(bytes.TrimSpace(o.Text(o.FirstElement(h.Storage)))))
		}
		if stored != privacy.Nothing {
			use = stored
		}
	}
	o.Consent = use
}

// usePlace is where gcd has the letter of ad_user_data: 1, then ad_storage, analytics_storage, ad_user_data, ad_personalization,
// each behind a digit.
const usePlace = 6

// signal reads ad_user_data in gcd.
func signal(gcd []byte) privacy.Statement {
	if len(gcd) <= usePlace || gcd[0] != '1' {
		return privacy.Unreadable
	}
	switch gcd[usePlace] {
	case 'l':
		return privacy.Nothing
	case 'p', 'q', 'm', 'u':
		return privacy.Denied
	case 'n', 'r', 't', 'v':
		return privacy.Granted
	}
	return privacy.Unreadable
}

// storage reads ad_storage in gcs: G111.
func storage(gcs []byte) privacy.Statement {
	if len(gcs) < len("G11") || gcs[0]|0x20 != 'g' || gcs[1] != '1' {
		return privacy.Unreadable
	}
	switch gcs[2] {
	case '0':
		return privacy.Denied
	case '1':
		return privacy.Granted
	case '-':
		return privacy.Nothing
	}
	return privacy.Unreadable
}
