package google

// The fields of a hit of Google's tag that are read both to name the event and to map it.
const (
	FieldName   = "en"
	FieldClient = "cid"
	FieldUser   = "uid"
	FieldParam  = "ep."  // before the name of an event's parameter that is a text
	FieldNumber = "epn." // before that of one that is a number
)
