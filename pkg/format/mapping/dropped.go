package mapping

// Dropped is a value that was left out. Field is from Fields or a match key's name, Reason from Reasons.
type Dropped struct{ Field, Reason string }

// Why a mapper leaves a value out.
const (
	Malformed = "malformed" // not a value of this field
	Unknown   = "unknown"   // Meta has no such field
	Empty     = "empty"     // a program's word for nothing
)

// Private is why something of the address of a page is left out: it named a person. The pages step has it, of PageFields.
const Private = "private"

// Why the trust step leaves something out, of TrustFields, of the match keys or, TooHigh, of FieldValue.
const (
	Unproven     = "unproven"      // its sender proved nothing, and only a server can know or say it
	OtherChannel = "other_channel" // an action_source that is not one of its source's
	TooHigh      = "too_high"      // more than max_value, of an unproven sender
)

// TrustFields are the fields that an unproven sender may not say, or not as it likes.
var TrustFields = []string{FieldActionSource, FieldEventTime, FieldOptions, FieldEvent, FieldCustom, FieldParams}

// PageFields are the fields that are addresses of pages, or may hold one.
var PageFields = []string{FieldSourceURL, FieldReferrerURL, FieldCustom}

// Reasons is the closed list of mappers' reasons.
var Reasons = []string{Malformed, Unknown, Empty}

// Fields is the closed list of mappers' field labels, beside the match keys' names and capi.Fields.
var Fields = []string{
	FieldActionSource, FieldSourceURL, FieldReferrerURL, FieldOptOut, FieldOptions, FieldOptCountry, FieldOptState,
	FieldMessaging, FieldEventName, FieldEvent, FieldEventTime, FieldUser, FieldCustom, FieldValue, FieldCurrency, FieldContents, FieldContentIDs,
	FieldApp, FieldExtInfo, FieldAdvertiser, FieldApplication, FieldParams,
}

// The labels of Fields: most are the path of the field in Meta's event.
const (
	FieldActionSource = "action_source"
	FieldSourceURL    = "event_source_url"
	FieldReferrerURL  = "referrer_url"
	FieldOptOut       = "opt_out"
	FieldOptions      = "data_processing_options"
	FieldOptCountry   = "data_processing_options_country"
	FieldOptState     = "data_processing_options_state"
	FieldMessaging    = "messaging_channel"
	FieldEventTime    = "event_time"
	FieldEventName    = "event_name" // a name that no table has: a custom event
	FieldEvent        = "event"      // an unknown member of the event
	FieldUser         = "user_data"  // an unknown member of user_data
	FieldCustom       = "custom_data"
	FieldValue        = "custom_data.value"
	FieldCurrency     = "custom_data.currency"
	FieldContents     = "custom_data.contents"
	FieldContentIDs   = "custom_data.content_ids"
	FieldApp          = "app_data"
	FieldExtInfo      = "app_data.extinfo"
	FieldAdvertiser   = "app_data.advertiser_tracking_enabled"
	FieldApplication  = "app_data.application_tracking_enabled"
	FieldParams       = "params" // a parameter of the request
)
