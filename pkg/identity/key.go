package identity

// Key is a match key of user_data.
type Key uint8

// The keys: first those that Meta takes hashed, then those that it takes in clear. Hashed tells them apart.
const (
	Em Key = iota
	Ph
	Fn
	Ln
	Ge
	Db
	Ct
	St
	Zp
	Country
	ExternalID
	F5First
	F5Last
	Fi
	Dobd
	Dobm
	Doby
	ClientIPAddress
	ClientUserAgent
	Fbc
	Fbp
	SubscriptionID
	FbLoginID
	LeadID
	AnonID
	Madid
	PageID
	PageScopedUserID
	CtwaClid
	WhatsAppBusinessAccountID
	IgAccountID
	InstagramBusinessAccountID
	IgSID
	NumKeys // how many there are
)

var keyNames = [NumKeys]string{
	Em: "em", Ph: "ph", Fn: "fn", Ln: "ln", Ge: "ge", Db: "db", Ct: "ct", St: "st", Zp: "zp", Country: "country",
	ExternalID: "external_id", F5First: "f5first", F5Last: "f5last", Fi: "fi", Dobd: "dobd", Dobm: "dobm", Doby: "doby",
	ClientIPAddress: "client_ip_address", ClientUserAgent: "client_user_agent", Fbc: "fbc", Fbp: "fbp",
	SubscriptionID: "subscription_id", FbLoginID: "fb_login_id", LeadID: "lead_id", AnonID: "anon_id", Madid: "madid",
	PageID: "page_id", PageScopedUserID: "page_scoped_user_id", CtwaClid: "ctwa_clid",
	WhatsAppBusinessAccountID: "whatsapp_business_account_id", IgAccountID: "ig_account_id",
	InstagramBusinessAccountID: "instagram_business_account_id", IgSID: "ig_sid",
}

// String returns the key's name in user_data ("em").
func (k Key) String() string {
	if k >= NumKeys {
		return "unknown"
	}
	return keyNames[k]
}

// Hashed says whether Meta takes the key only as SHA-256.
func (k Key) Hashed() bool { return k <= Doby }

// List says whether the key takes several values.
func (k Key) List() bool { return k <= ExternalID }

// Bit returns the key's bit in a mask of keys, as TooFewKeys takes it.
func (k Key) Bit() uint64 { return 1 << k }
