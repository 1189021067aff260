package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// maxBody is more than Meta's own clients ever send.
const maxBody = 32 << 20

// request is the content of a POST, whatever its encoding.
type request struct {
	token, proof, testEventCode string
	events                      []json.RawMessage
	params                      url.Values // the query's and the form's
}

// errTooLarge is the error of a body of more than maxBody bytes.
var errTooLarge = errors.New("body too large")

// read decodes a POST: JSON, or a form (urlencoded or multipart) whose data is JSON text; the elements of data are
// objects, or strings that hold objects. The error of an unreadable body quotes nothing of it.
func read(r *http.Request) (*request, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return nil, errors.New("reading the body")
	}
	if len(body) > maxBody {
		return nil, errTooLarge
	}
	q := &request{params: r.URL.Query()}
	var data json.RawMessage
	switch kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); {
	case kind == "multipart/form-data":
		if data, err = q.readMultipart(body, params["boundary"]); err != nil {
			return nil, err
		}
	case kind == "application/x-www-form-urlencoded" && !startsJSON(body):
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, errors.New("reading the form")
		}
		data = q.take(form)
	default:
		if data, err = q.readJSON(body); err != nil {
			return nil, err
		}
	}
	if data == nil {
		data = json.RawMessage(q.params.Get("data"))
	}
	q.token, q.proof, q.testEventCode = bearer(r, q.params.Get("access_token")), q.params.Get("appsecret_proof"), q.params.Get("test_event_code")
	q.events, err = elements(data)
	return q, err
}

// bearer returns the token of the Authorization header, or parameter if the header has none.
func bearer(r *http.Request, parameter string) string {
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return token
	}
	return parameter
}

func startsJSON(body []byte) bool {
	b := bytes.TrimSpace(body)
	return len(b) > 0 && b[0] == '{'
}

func (q *request) readJSON(body []byte) (json.RawMessage, error) {
	var object map[string]json.RawMessage
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(body, &object); err != nil {
		return nil, errors.New("reading the body as JSON")
	}
	for k, v := range object {
		var text string
		if k != "data" && json.Unmarshal(v, &text) == nil && string(v) != "null" {
			q.params.Set(k, text)
		}
	}
	return object["data"], nil
}

func (q *request) readMultipart(body []byte, boundary string) (json.RawMessage, error) {
	r := &http.Request{
		Method: http.MethodPost, Body: io.NopCloser(bytes.NewReader(body)),
		Header: http.Header{"Content-Type": {mime.FormatMediaType("multipart/form-data", map[string]string{"boundary": boundary})}},
	}
	if err := r.ParseMultipartForm(maxBody); err != nil {
		return nil, errors.New("reading the multipart form")
	}
	return q.take(r.PostForm), nil
}

// take adds a form's fields to the request's parameters, except data, which it returns.
func (q *request) take(form url.Values) json.RawMessage {
	var data json.RawMessage
	for k, v := range form {
		if k == "data" {
			data = json.RawMessage(v[0])
			continue
		}
		q.params[k] = v
	}
	return data
}

// elements splits data into events; an element that is a string holds an event as JSON text.
func elements(data json.RawMessage) ([]json.RawMessage, error) {
	if len(data) == 0 || string(data) == "null" {
		return nil, nil
	}
	var whole string
	if json.Unmarshal(data, &whole) == nil {
		data = json.RawMessage(whole)
	}
	var list []json.RawMessage
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, errors.New("reading data as an array")
	}
	for i, element := range list {
		var text string
		if json.Unmarshal(element, &text) == nil {
			list[i] = json.RawMessage(text)
		}
	}
	return list, nil
}
