package privacy

import "bytes"

// name is what the name of a member of a statement means.
type name uint8

const (
	unknownName     name = iota
	useName              // ad_user_data
	advertisingName      // any other name of advertising
	storageName          // ad_storage
	statusName           // the statement itself
	refusalName          // the statement, where true says no, or what was refused
	allowedName          // what was allowed, of which the list need not have all
	groupName            // holds the statement, or categories
	labelName            // names the category that the object is about
	otherName            // a category that is not advertising, or no statement
)

// IsAdvertising says whether a purpose of consent is the one that Meta's events serve, by the names that consent managers
// and shops give to it.
func IsAdvertising(purpose []byte) bool {
	n := nameOf(purpose)
	return n == useName || n == advertisingName
}

// isOther says whether a purpose is known not to be advertising.
func isOther(purpose []byte) bool { return nameOf(purpose) == otherName }

func nameOf(key []byte) name {
	var room [maxWord]byte
	folded := fold(room[:0], bytes.TrimSpace(key))
	if n := known(folded); n != unknownName {
		return n
	}
	for _, no := range [...]string{"optout", "optedout", "denied", "refused", "rejected", "revoked", "declined", "withdrawn"} {
		if rest, ok := bytes.CutSuffix(folded, []byte(no)); ok && known(rest) != unknownName && known(rest) != otherName {
			return refusalName
		}
	}
	return known(bare(folded))
}

// bare cuts off what consent managers put around a category: marketing_consent, allowMarketing, ad_user_data_enabled.
func bare(folded []byte) []byte {
	for _, before := range [...]string{"is", "has", "allow", "consent", "cookies", "cookie"} {
		if rest, ok := bytes.CutPrefix(folded, []byte(before)); ok && len(rest) > 1 {
			folded = rest
			break
		}
	}
	for _, behind := range [...]string{
		"consent", "consented", "allowed", "accepted", "enabled", "granted", "cookies", "purposes", "purpose", "optin",
	} {
		if rest, ok := bytes.CutSuffix(folded, []byte(behind)); ok && len(rest) > 1 {
			return rest
		}
	}
	return folded
}

func known(folded []byte) name {
	switch string(folded) {
	case "aduserdata":
		return useName
	case "advertising", "advertisement", "advertisements", "adverts", "marketing", "targeting", "targeted", "targetedads",
		"targetedadvertising", "ads", "ad", "remarketing", "retargeting", "saleofdata", "facebook", "meta", "metaads", "facebookads",
		"marketingandadvertising", "advertisingandmarketing", "c0004": // the last is OneTrust's
		return advertisingName
	case "adstorage":
		return storageName
	case "status", "state", "value", "granted", "consented", "given", "accepted", "allowed", "agreed", "optin", "optedin",
		"hasconsent", "consentgiven", "consentstatus", "decision", "answer", "enabled":
		return statusName
	case "denied", "refused", "rejected", "revoked", "withdrawn", "declined", "optout", "optedout", "deniedconsentids", "disallowed":
		return refusalName
	case "allowedconsentids":
		return allowedName
	case "consent", "consents", "consentstate", "consentmode", "categories", "categorypreferences",
		"purposes", "groups", "choices", "settings", "gdpr", "update", "current", "googleconsentmode", "privacy", "customerprivacy", "default":
		return groupName
	case "name", "category", "purpose", "type", "consenttype", "key", "group":
		return labelName
	}
	return knownOther(folded)
}

func knownOther(folded []byte) name {
	switch string(folded) {
	case "analytics", "analyticsstorage", "statistics", "statistic", "stats", "performance", "functional", "functionality",
		"functionalitystorage", "preferences", "preference", "necessary", "strictlynecessary", "essential", "required", "security",
		"securitystorage", "personalization", "personalisation", "personalizationstorage", "adpersonalization", "socialmedia",
		"social", "c0001", "c0002", "c0003", "c0005", "email", "sms", "push", "newsletter", "terms", "termsofservice", "promotions":
		return otherName
	case "timestamp", "time", "timestampunixtimems", "date", "version", "source", "region", "country", "method", "hash", "id", "uuid",
		"url", "language", "document", "location", "hardwareid", "updatedat", "createdat", "collectedat", "gdprapplies",
		"waitforupdate", "provider", "resolutionstrategy":
		return otherName
	}
	return unknownName
}
