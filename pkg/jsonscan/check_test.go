package jsonscan

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	keys := func(n int, last string) string {
		var b strings.Builder
		b.WriteString("{")
		for i := range n {
			fmt.Fprintf(&b, `"key%d":%d,`, i, i)
		}
		return b.String() + `"` + last + `":0}`
	}
	tests := []struct {
		name, in string
		limits   Limits
		what     string
		offset   int
	}{
		{name: "null", in: `null`},
		{name: "space around", in: " \t\r\n{ } \n"},
		{name: "numbers", in: `[0,-0,1.5,-1e10,2E-3,1e+9,12345678901234567890]`},
		{name: "escapes", in: `"\"\\\/\b\f\n\r\té😀"`},
		{name: "text", in: `"žluťoučký kůň 😀"`},
		{name: "same key in two objects", in: `{"a":{"b":1,"a":2},"b":{"a":[{"a":1},{"a":2}]}}`},
		{name: "many keys", in: keys(900, "last")},
		{name: "depth at the limit", in: deep(16)},
		{name: "empty", in: ``, what: WhatEnd},
		{name: "only space", in: `  `, what: WhatEnd, offset: 2},
		{name: "two values", in: `1 2`, what: WhatTrailing, offset: 2},
		{name: "duplicate", in: `{"a":1,"a":2}`, what: WhatDuplicate, offset: 7},
		{name: "duplicate behind a nested object", in: `{"a":{"b":1},"c":2,"a":3}`, what: WhatDuplicate, offset: 19},
		{name: "duplicate in an array element", in: `[{"a":1},{"x":1,"x":2}]`, what: WhatDuplicate, offset: 16},
		{name: "duplicate by escape", in: `{"em":1,"\u0065m":2}`, what: WhatDuplicate, offset: 8},
		{name: "duplicate of two escapes", in: `{"\u0065m":1,"e\u006d":2}`, what: WhatDuplicate, offset: 13},
		{name: "duplicate of the empty key", in: `{"":1,"":2}`, what: WhatDuplicate, offset: 6},
		{name: "duplicate among many", in: keys(900, "key17"), what: WhatDuplicate, offset: 11481},
		{name: "duplicate among many by escape", in: keys(900, `\u006bey899`), what: WhatDuplicate, offset: 11481},
		{name: "halves of surrogate pairs", in: `["\ud83d","\ud83d\ud83d","a\ude00","\ude00\ud83d","\ud83d\u0041","\ud83d\n","\uD83Dx"]`},
		{name: "half a surrogate pair in a key", in: `{"\ud83d":1,"\ud83d\ude00":2}`},
		{name: "keys that are one without their halves", in: `{"\ud83d":1,"\ud83e":2}`, what: WhatDuplicate, offset: 12},
		{name: "half a pair before a broken escape", in: `"\ud83d\ux"`, what: WhatEscape, offset: 7},
		{name: "UTF-16", in: "\xff\xfe{\x00}\x00", what: WhatUTF16},
		{name: "UTF-16, the other way round", in: "\xfe\xff\x00{\x00}", what: WhatUTF16},
		{name: "UTF-16 without a mark", in: "{\x00}\x00", what: WhatUTF16},
		{name: "invalid UTF-8", in: "\"caf\xe9\"", what: WhatUTF8, offset: 4},
		{name: "surrogate in UTF-8", in: "\"\xed\xa0\x80\"", what: WhatUTF8, offset: 1},
		{name: "byte order mark", in: "\xef\xbb\xbf{}", what: WhatUnexpected},
		{name: "control character", in: "\"a\tb\"", what: WhatControl, offset: 2},
		{name: "bad escape", in: `"\x"`, what: WhatEscape, offset: 1},
		{name: "short escape", in: `"\u12"`, what: WhatEscape, offset: 1},
		{name: "unclosed string", in: `"abc`, what: WhatEnd, offset: 4},
		{name: "unclosed object", in: `{"a":1`, what: WhatEnd, offset: 6},
		{name: "trailing comma", in: `[1,]`, what: WhatUnexpected, offset: 3},
		{name: "comma in an object", in: `{"a":1,}`, what: WhatUnexpected, offset: 7},
		{name: "no colon", in: `{"a" 1}`, what: WhatUnexpected, offset: 5},
		{name: "leading zero", in: `01`, what: WhatTrailing, offset: 1},
		{name: "plus", in: `+1`, what: WhatUnexpected},
		{name: "no digits behind the point", in: `1.`, what: WhatNumber, offset: 2},
		{name: "no exponent", in: `1e`, what: WhatNumber, offset: 2},
		{name: "minus alone", in: `-`, what: WhatNumber, offset: 1},
		{name: "NaN", in: `NaN`, what: WhatUnexpected},
		{name: "half a literal", in: `[tru]`, what: WhatUnexpected, offset: 4},
		{name: "too deep", in: deep(17), what: WhatDeep, offset: 16},
		{name: "too deep with objects", in: `{"a":{"a":[1]}}`, limits: Limits{Depth: 2}, what: WhatDeep, offset: 10},
		{name: "too many keys", in: `{"a":1,"b":2,"c":3}`, limits: Limits{Keys: 2}, what: WhatKeys, offset: 13},
		{name: "too many elements", in: `[1,2,3]`, limits: Limits{Elements: 2}, what: WhatElements, offset: 5},
		{name: "number too long", in: `[1` + strings.Repeat("0", 64) + `]`, what: WhatLongNumber, offset: 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := Check([]byte(tt.in), tt.limits)
			if tt.what == "" {
				if err != nil {
					t.Fatalf("Check: %v", err)
				}
				return
			}
			var e *Error
			if !errors.As(err, &e) || e.What != tt.what || e.Offset != tt.offset {
				t.Fatalf("Check: %v, want %s at byte %d", err, tt.what, tt.offset)
			}
		})
	}
}

func TestCheckAllocatesNothing(t *testing.T) {
	for _, in := range []string{purchase, `{"\u0061":1}`} {
		data := []byte(in)
		want := float64(strings.Count(in[:min(4, len(in))], `\u`)) // a key with escapes costs its resolved copy
		if got := testing.AllocsPerRun(100, func() {
			if err := Check(data, Limits{}); err != nil {
				t.Fatal(err)
			}
		}); got > want {
			t.Errorf("Check(%.20s…) allocates %v times, want %v", in, got, want)
		}
	}
}

// purchase is an ordinary website event.
const purchase = `{
 "event_name": "Purchase", "event_time": 1795426200, "event_id": "e-1", "action_source": "website",
 "event_source_url": "https://shop.example.com/checkout/done?order=10001",
 "user_data": {
  "em": ["jane.doe@example.com"], "ph": ["+1 (650) 555-1212"], "fn": "Jane", "ln": "Doe", "ct": "San José",
  "client_ip_address": "203.0.113.24", "fbp": "fb.1.1795000000000.1098115397",
  "client_user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
 },
 "custom_data": {"value": 59.9, "currency": "USD", "content_ids": ["SKU-1", "SKU-2"],
  "contents": [{"id": "SKU-1", "quantity": 1, "item_price": 39.9}, {"id": "SKU-2", "quantity": 2, "item_price": 10}]}
}`
