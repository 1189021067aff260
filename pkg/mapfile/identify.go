package mapfile

import (
	"time"

	"github.com/omnicapi/omnicapi/pkg/capi"
	"github.com/omnicapi/omnicapi/pkg/identity"
	"github.com/omnicapi/omnicapi/pkg/jsonscan"
)

// Ident is what ingest needs of an item.
type Ident struct {
	EventID    string // the row's own event_id, "" if none
	NaturalKey string // order id, event name and, if mapped, line and store; else, of a row that has a time, its cells; else "": the item's bytes
	HasTime    bool
	Person     string // the person's id in that channel: external_id, else email, else phone; "" if none
}

// Identify reads an item that Split made (or any JSON item for a JSON mapping). It reads as Map does, so that the
// ids are those of the event that is sent; its error is Map's.
//
// The same row has the same key in every run and wherever it stands in its file; rows that are alike in one file have
// their own.
func (m *Mapping) Identify(item []byte) (Ident, error) {
	var e capi.Event
	if _, err := m.Map(item, time.UTC, &e); err != nil {
		return Ident{}, err
	}
	id := Ident{EventID: string(e.ID), HasTime: e.TimeSet}
	if id.NaturalKey = orderKey(&e); id.NaturalKey != "" && len(m.groupBy) > 0 {
		id.NaturalKey += m.receiptOf(item)
	}
	if id.NaturalKey == "" && id.HasTime && !m.json {
		id.NaturalKey = "row\x00" + string(jsonscan.Get(item, MemberLines)) + "\x00" + string(jsonscan.Get(item, memberAgain))
	}
	for _, key := range [...]identity.Key{identity.ExternalID, identity.Em, identity.Ph} {
		for _, v := range e.User.Values {
			if v.Key == key && id.Person == "" {
				id.Person = string(v.Text)
			}
		}
	}
	return id, nil
}
