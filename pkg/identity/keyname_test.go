package identity

import "testing"

func TestKeyOfReadsEveryName(t *testing.T) {
	for k := range NumKeys {
		if got, ok := KeyOf([]byte(k.String())); !ok || got != k {
			t.Errorf("KeyOf(%q) = %v, %v", k, got, ok)
		}
		if k.List() && !k.Hashed() {
			t.Errorf("%v takes a list in clear", k)
		}
	}
	if !Doby.Hashed() || ClientIPAddress.Hashed() || F5First.List() || !ExternalID.List() {
		t.Error("a key is on the wrong side of a bound")
	}
}

func TestKeyOfReadsAliases(t *testing.T) {
	for name, want := range map[string]Key{
		"email": Em, "E-Mail": Em, "Email Address": Em, "phone": Ph, "Phone-Number": Ph, "FIRST NAME": Fn, "lastname": Ln,
		"gen": Ge, "date of birth": Db, "dob": Db, "city": Ct, "Province": St, "zip": Zp, "Postal Code": Zp,
		"country_code": Country, "extern_id": ExternalID, "_fbc": Fbc, "_fbp": Fbp, "ip": ClientIPAddress, "User-Agent": ClientUserAgent,
		"leadid": LeadID, "idfa": Madid, "psid": PageScopedUserID, "waba_id": WhatsAppBusinessAccountID,
		"INSTAGRAM-business account_ID": InstagramBusinessAccountID,
		"emailAddress":                  Em, "phoneNumber": Ph, "MobilePhone": Ph, "firstName": Fn, "nameFirst": Fn, "LastName": Ln, "familyName": Ln, "dateOfBirth": Db,
		"postalCode": Zp, "countryCode": Country, "cn": Country, "externalId": ExternalID, "clientIpAddress": ClientIPAddress, "userAgent": ClientUserAgent,
		"fb-login-id": FbLoginID, "subscriptionId": SubscriptionID, "ctwaClid": CtwaClid,
	} {
		if got, ok := KeyOf([]byte(name)); !ok || got != want {
			t.Errorf("KeyOf(%q) = %v, %v, want %v", name, got, ok, want)
		}
	}
	for _, name := range []string{"", "name", "_", " - ", "emx", "em.0", "unknown", "value", "instagram_business_account_idx"} {
		if got, ok := KeyOf([]byte(name)); ok {
			t.Errorf("KeyOf(%q) = %v, want none", name, got)
		}
	}
}
