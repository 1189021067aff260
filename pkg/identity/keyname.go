package identity

// longestKeyName bounds the names that KeyOf looks up.
const longestKeyName = len("instagram_business_account_id")

// KeyOf finds a key by its name in user_data or an alias (zip, email, phone, gen, first_name, …). Case does not count,
// and spaces and dashes count as underscores, since column titles and tag managers use them.
func KeyOf(name []byte) (Key, bool) {
	if len(name) == 0 || len(name) > longestKeyName {
		return 0, false
	}
	var buf [longestKeyName]byte
	folded := buf[:len(name)]
	for i, b := range name {
		if b == ' ' || b == '-' {
			b = '_'
		}
		folded[i] = lowerASCII(b)
	}
	return keyOf(folded)
}

// keyOf is one switch, which the compiler turns into a search that allocates nothing.
func keyOf(name []byte) (Key, bool) {
	switch string(name) {
	case "em", "email", "e_mail", "email_address", "mail":
		return Em, true
	case "ph", "phone", "phone_number", "mobile", "tel", "telephone":
		return Ph, true
	case "fn", "first_name", "firstname", "given_name":
		return Fn, true
	case "ln", "last_name", "lastname", "surname", "family_name":
		return Ln, true
	case "ge", "gen", "gender", "sex":
		return Ge, true
	case "db", "dob", "birthday", "birthdate", "birth_date", "date_of_birth":
		return Db, true
	case "ct", "city", "town":
		return Ct, true
	case "st", "state", "region", "province":
		return St, true
	case "zp", "zip", "zip_code", "zipcode", "postal_code", "postcode":
		return Zp, true
	case "country", "country_code":
		return Country, true
	case "external_id", "extern_id", "externalid", "external_ids":
		return ExternalID, true
	case "f5first":
		return F5First, true
	case "f5last":
		return F5Last, true
	case "fi", "first_initial":
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
	case "client_ip_address", "client_ip", "ip_address", "ip":
		return ClientIPAddress, true
	case "client_user_agent", "user_agent", "ua":
		return ClientUserAgent, true
	case "fbc", "_fbc":
		return Fbc, true
	case "fbp", "_fbp":
		return Fbp, true
	case "subscription_id":
		return SubscriptionID, true
	case "fb_login_id":
		return FbLoginID, true
	case "lead_id", "leadid":
		return LeadID, true
	case "anon_id":
		return AnonID, true
	case "madid", "mobile_advertiser_id", "idfa", "gaid", "aaid":
		return Madid, true
	case "page_id":
		return PageID, true
	case "page_scoped_user_id", "psid":
		return PageScopedUserID, true
	case "ctwa_clid":
		return CtwaClid, true
	case "whatsapp_business_account_id", "waba_id":
		return WhatsAppBusinessAccountID, true
	case "ig_account_id":
		return IgAccountID, true
	case "instagram_business_account_id":
		return InstagramBusinessAccountID, true
	case "ig_sid":
		return IgSID, true
	default:
		return 0, false
	}
}
