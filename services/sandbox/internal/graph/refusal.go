package graph

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/omnicapi/omnicapi/pkg/capi"
)

// refusal is an answer with Meta's error object.
type refusal struct {
	status int
	err    errorObject
}

// errorObject is Meta's "error" member. Like Meta, it quotes what was sent in error_user_msg: clients must not log it.
type errorObject struct {
	Message     string          `json:"message"`
	Type        string          `json:"type"`
	Code        int             `json:"code"`
	Subcode     int             `json:"error_subcode,omitempty"`
	IsTransient bool            `json:"is_transient"`
	UserTitle   string          `json:"error_user_title,omitempty"`
	UserMsg     string          `json:"error_user_msg,omitempty"`
	Data        json.RawMessage `json:"error_data,omitempty"`
	FBTraceID   string          `json:"fbtrace_id"`
}

func invalid(subcode int, title, message string) *refusal {
	return &refusal{http.StatusBadRequest, errorObject{
		Message: "Invalid parameter", Type: "OAuthException", Code: 100, Subcode: subcode, UserTitle: title, UserMsg: message,
	}}
}

func wrongToken(message string) *refusal {
	return &refusal{http.StatusUnauthorized, errorObject{Message: message, Type: "OAuthException", Code: 190}}
}

func wrongDataset(id string) *refusal {
	return &refusal{http.StatusBadRequest, errorObject{
		Message: fmt.Sprintf("Unsupported post request. Object with ID '%s' does not exist, cannot be loaded due to missing permissions, or does not support this operation.", id),
		Type:    "GraphMethodException", Code: 100, Subcode: 33,
	}}
}

func wrongProof() *refusal {
	return &refusal{http.StatusBadRequest, errorObject{Message: "Invalid appsecret_proof provided in the API argument", Type: "GraphMethodException", Code: 100}}
}

func unknownPath(path string) *refusal {
	return &refusal{http.StatusBadRequest, errorObject{Message: "Unknown path components: " + path, Type: "OAuthException", Code: 2500}}
}

func tooLarge() *refusal {
	return &refusal{http.StatusRequestEntityTooLarge, errorObject{Message: "Request Entity Too Large", Type: "OAuthException", Code: 1}}
}

// badEvent refuses the whole request for its i-th event, and quotes it as Meta does.
func badEvent(i int, e *capi.WireError, event []byte) *refusal {
	path := fmt.Sprintf("$['data'][%d]", i)
	field := "data"
	if e.Path != "" {
		path, field = path+"."+e.Path, e.Path
	}
	r := invalid(e.Subcode, e.Title, fmt.Sprintf("%s: the value at %s is not valid: %.200s", e.Title, path, event))
	r.err.Code = e.Code
	data, err := json.Marshal(map[string]any{"blame_field_specs": [][]string{{field}}})
	if err == nil {
		r.err.Data = data
	}
	return r
}
