package salesforce

import (
	"github.com/omnicapi/omnicapi/pkg/identity"
)

// keys are the standard fields of Salesforce's leads, contacts and person accounts that say who it is (Object
// Reference for the Salesforce Platform).
var keys = map[string]identity.Key{
	"Email":       identity.Em,
	"PersonEmail": identity.Em,

	"Phone":             identity.Ph,
	"MobilePhone":       identity.Ph,
	"HomePhone":         identity.Ph,
	"OtherPhone":        identity.Ph,
	"PersonMobilePhone": identity.Ph,
	"PersonHomePhone":   identity.Ph,

	"FirstName":       identity.Fn,
	"LastName":        identity.Ln,
	"Birthdate":       identity.Db,
	"PersonBirthdate": identity.Db,

	"City":              identity.Ct,
	"MailingCity":       identity.Ct,
	"PersonMailingCity": identity.Ct,

	"State":              identity.St,
	"MailingState":       identity.St,
	"PersonMailingState": identity.St,

	"StateCode":              identity.St, // of organizations with picklists of states and countries
	"MailingStateCode":       identity.St,
	"PersonMailingStateCode": identity.St,

	"PostalCode":              identity.Zp,
	"MailingPostalCode":       identity.Zp,
	"PersonMailingPostalCode": identity.Zp,

	"Country":              identity.Country,
	"MailingCountry":       identity.Country,
	"PersonMailingCountry": identity.Country,

	"CountryCode":              identity.Country,
	"MailingCountryCode":       identity.Country,
	"PersonMailingCountryCode": identity.Country,
}
