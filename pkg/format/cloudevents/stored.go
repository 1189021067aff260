package cloudevents

// The attributes of a CloudEvent as they are stored, which is its structured mode whatever mode it came in: the receiver
// writes or names by them, the mapper reads them.
const (
	attrVersion     = "specversion"
	attrID          = "id"
	attrSource      = "source"
	attrType        = "type"
	attrTime        = "time"
	attrContentType = "datacontenttype"
	attrData        = "data"
	attrDataBase64  = "data_base64"
)
