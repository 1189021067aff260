package receive

import "github.com/omnicapi/omnicapi/pkg/jsonscan"

// AddFlag adds a member that is true to a context that is closed, or was never opened.
func (b *Batch) AddFlag(name string) {
	b.Context = b.Context[:max(0, len(b.Context)-1)] // its closing brace
	b.nextContext([]byte(name))
	b.Context = append(b.Context, "true}"...)
}

// AddContext appends a member to what the request says for all its items. key is as written in JSON, without quotes;
// null says nothing.
func (b *Batch) AddContext(key, value []byte) {
	if jsonscan.Kind(value) == 'z' {
		return
	}
	b.nextContext(key)
	b.Context = jsonscan.AppendCompact(b.Context, value)
}

// AddContextText is AddContext for a text that is not JSON: of a form, a query or a header.
func (b *Batch) AddContextText(name string, value []byte) {
	b.openContext()
	b.Context = append(jsonscan.AppendString(b.Context, []byte(name)), ':')
	b.Context = jsonscan.AppendString(b.Context, value)
}

func (b *Batch) nextContext(key []byte) {
	b.openContext()
	b.Context = append(b.Context, '"')
	b.Context = append(b.Context, key...)
	b.Context = append(b.Context, '"', ':')
}

// openContext begins the object, or divides the next member from the last.
func (b *Batch) openContext() {
	switch n := len(b.Context); {
	case n == 0:
		b.Context = append(b.Context, '{')
	case b.Context[n-1] != '{':
		b.Context = append(b.Context, ',')
	}
}

// MaxContext bounds the context: it is stored with every item.
const MaxContext = 4 << 10

// CloseContext ends the object, and refuses one that is too large.
func (b *Batch) CloseContext() *Refusal {
	if len(b.Context) > MaxContext {
		return &Refusal{Kind: TooLarge, Detail: "the parameters beside the events are too large"}
	}
	if len(b.Context) > 0 {
		b.Context = append(b.Context, '}')
		b.Context = append(b.Context[:0], withoutCredentials(b.Context, &b.Scratch)...)
		jsonscan.Mend(b.Context) // its keys
	}
	return nil
}
