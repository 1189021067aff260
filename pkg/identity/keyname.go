package identity

// longestKeyName bounds the names that KeyOf looks up.
const longestKeyName = len("instagram_business_account_id")

// KeyOf finds a key by its name in user_data or an alias (zip, email, phone, gen, first_name, …). Case does not count, nor do
// spaces, dashes and underscores, since column titles, scripts and tag managers write one name in all these ways
// (First Name, firstName, first_name).
func KeyOf(name []byte) (Key, bool) {
	if len(name) == 0 || len(name) > longestKeyName {
		return 0, false
	}
	var buf [longestKeyName]byte
	n := 0
	for _, b := range name {
		if c := inName[b]; c != 0 {
			buf[n] = c
			n++
		}
	}
	return keyOf(buf[:n])
}

// inName is each byte as it counts in a name, 0 if it does not.
var inName = func() (table [256]byte) {
	for b := range table {
		table[b] = lowerASCII(byte(b))
	}
	table[0] = 0xFF // no name has it
	table[' '], table['-'], table['_'] = 0, 0, 0
	return table
}()

// keyOf finds a folded name. It is one switch, which the compiler turns into a search that allocates nothing.
func keyOf(name []byte) (Key, bool) {
	switch string(name) {
	case "em", "email", "emailaddress", "mail":
		return Em, true
	case "ph", "phone", "phonenumber", "mobile", "mobilephone", "tel", "telephone":
		return Ph, true
	case "fn", "firstname", "namefirst", "givenname":
		return Fn, true
	case "ln", "lastname", "namelast", "surname", "familyname":
		return Ln, true
	case "ge", "gen", "gender", "sex":
		return Ge, true
	case "db", "dob", "birthday", "birthdate", "dateofbirth":
		return Db, true
	case "ct", "city", "town":
		return Ct, true
	case "st", "state", "region", "province":
		return St, true
	case "zp", "zip", "zipcode", "postalcode", "postcode":
		return Zp, true
	case "country", "countrycode", "cn":
		return Country, true
	case "externalid", "externid", "externalids":
		return ExternalID, true
	case "f5first":
		return F5First, true
	case "f5last":
		return F5Last, true
	case "fi", "firstinitial":
		return Fi, true
	case "dobd":
		return Dobd, true
	case "dobm":
		return Dobm, true
	case "doby":
		return Doby, true
	default:
		return clearKeyOf(name)
	}
}

func clearKeyOf(name []byte) (Key, bool) {
	switch string(name) {
	case "clientipaddress", "clientip", "ipaddress", "ip":
		return ClientIPAddress, true
	case "clientuseragent", "useragent", "ua":
		return ClientUserAgent, true
	case "fbc":
		return Fbc, true
	case "fbp":
		return Fbp, true
	case "subscriptionid":
		return SubscriptionID, true
	case "fbloginid":
		return FbLoginID, true
	case "leadid":
		return LeadID, true
	case "anonid":
		return AnonID, true
	case "madid", "mobileadvertiserid", "idfa", "gaid", "aaid":
		return Madid, true
	case "pageid":
		return PageID, true
	case "pagescopeduserid", "psid":
		return PageScopedUserID, true
	case "ctwaclid":
		return CtwaClid, true
	case "whatsappbusinessaccountid", "wabaid":
		return WhatsAppBusinessAccountID, true
	case "igaccountid":
		return IgAccountID, true
	case "instagrambusinessaccountid":
		return InstagramBusinessAccountID, true
	case "igsid":
		return IgSID, true
	default:
		return 0, false
	}
}
