package jsonscan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestObject(t *testing.T) {
	var got []string
	ok := Object([]byte(` { "a" : 1 , "\u0062":"x\"}" ,"c":{"d":[1,{"e":"]"}]} , "f" : null} `), func(k, v []byte) bool {
		got = append(got, string(k)+"="+string(v))
		return true
	})
	want := []string{`a=1`, `\u0062="x\"}"`, `c={"d":[1,{"e":"]"}]}`, `f=null`}
	if diff := cmp.Diff(want, got); !ok || diff != "" {
		t.Fatalf("Object: %v %s", ok, diff)
	}
	if Object([]byte(`[1]`), nil) || Object(nil, nil) {
		t.Error("Object takes what is no object")
	}
	n := 0
	Object([]byte(`{"a":1,"b":2}`), func(_, _ []byte) bool { n++; return false })
	if n != 1 {
		t.Errorf("Object went on after false: %d calls", n)
	}
}

func TestArray(t *testing.T) {
	var got []string
	ok := Array([]byte(`[ 1 ,"a,]" , [2,3],{"x":"}"} ,true]`), func(v []byte) bool {
		got = append(got, string(v))
		return true
	})
	want := []string{`1`, `"a,]"`, `[2,3]`, `{"x":"}"}`, `true`}
	if diff := cmp.Diff(want, got); !ok || diff != "" {
		t.Fatalf("Array: %v %s", ok, diff)
	}
	if Array([]byte(`{}`), nil) {
		t.Error("Array takes an object")
	}
}

func TestGet(t *testing.T) {
	obj := []byte(`{"a":{"em":0},"\u0065m":"x","b":[]}`)
	for key, want := range map[string]string{"em": `"x"`, "b": `[]`, "a": `{"em":0}`, "c": ""} {
		if got := string(Get(obj, key)); got != want {
			t.Errorf("Get(%q) = %q, want %q", key, got, want)
		}
	}
	if Get([]byte(`[]`), "a") != nil {
		t.Error("Get found a member in an array")
	}
}

func TestText(t *testing.T) {
	scratch := []byte("kept")
	for in, want := range map[string]string{
		`"plain"`: "plain", ` "sp" `: "sp", `"a\n\"\\\/\b\f\r\t"`: "a\n\"\\/\b\f\r\t", `"\u00e9\ud83d\ude00"`: "é😀",
		`"cut \ud83d"`: "cut \ufffd", `"\ude00\ud83d"`: "\ufffd\ufffd", `"\ud83d\ud83d\ude00"`: "\ufffd😀", `"\ud83d\u0041"`: "\ufffdA", `"\\ud83d"`: `\ud83d`,
		`12.50`: "12.50", `true`: "true", `false`: "false", `""`: "",
	} {
		if got := Text([]byte(in), &scratch); got == nil || string(got) != want {
			t.Errorf("Text(%s) = %q, want %q", in, got, want)
		}
	}
	if !bytes.HasPrefix(scratch, []byte("kept")) {
		t.Error("Text overwrote what scratch held")
	}
	if got := string(Text([]byte(`"\u0061"`), nil)); got != "a" {
		t.Errorf("Text without scratch = %q", got)
	}
	for _, in := range []string{`null`, `{}`, `[1]`, ``, `"`} {
		if got := Text([]byte(in), &scratch); got != nil {
			t.Errorf("Text(%s) = %q, want nil", in, got)
		}
	}
}

func TestKind(t *testing.T) {
	for in, want := range map[string]byte{`{}`: 'o', ` [`: 'a', `"`: 's', `-1`: 'n', `7`: 'n', `true`: 't', `false`: 'f', `null`: 'z', ``: 0, `x`: 0} {
		if got := Kind([]byte(in)); got != want {
			t.Errorf("Kind(%q) = %c, want %c", in, got, want)
		}
	}
}

func TestAppendString(t *testing.T) {
	got := string(AppendString(nil, []byte("<a & \"b\"\\\n\r\t\x00\x1f é😀 \xff")))
	want := `"<a & \"b\"\\\n\r\t\u0000\u001f é😀 ` + "�" + `"`
	if got != want {
		t.Errorf("AppendString: %s, want %s", got, want)
	}
}

func TestAppendStringRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		enc := AppendString(nil, []byte(text))
		if err := Check(enc, Limits{}); err != nil {
			t.Fatalf("%s: %v", enc, err)
		}
		var std string
		if err := json.Unmarshal(enc, &std); err != nil || std != string(Text(enc, nil)) {
			t.Fatalf("%s: %q by encoding/json (%v), %q by Text", enc, std, err, Text(enc, nil))
		}
	})
}

// TestMend: what is mended is as long, and only halves change.
func TestMend(t *testing.T) {
	for in, want := range map[string]string{
		`{"a\ud83d":"x"}`:                  `{"a\ufffd":"x"}`,
		`"\ud83d\ude00\ud83d"`:             `"\ud83d\ude00\ufffd"`,
		`"\ude00\ud83d\u0041\uDC00"`:       `"\ufffd\ufffd\u0041\ufffd"`,
		`"\\ud83d \\\ud83d"`:               `"\\ud83d \\\ufffd"`,
		`{"a":["\n","\u00e9","\ud83d\t"]}`: `{"a":["\n","\u00e9","\ufffd\t"]}`,
	} {
		if got := AppendCompact(nil, []byte(in)); string(got) != want {
			t.Errorf("AppendCompact(%s) = %s, want %s", in, got, want)
		}
		if HasHalf([]byte(in)) != (in != want) {
			t.Errorf("HasHalf(%s) = %v", in, in == want)
		}
	}
}

func TestTrimMark(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "\ufeff": "", "\ufeff{}": "{}", "\ufeff\ufeff {}": " {}", "\r\n\ufeff{}": "{}", " {}": " {}", "{}\ufeff": "{}\ufeff", "\xef\xbb": "\xef\xbb",
	} {
		if got := string(TrimMark([]byte(in))); got != want {
			t.Errorf("TrimMark(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestAppendCompact(t *testing.T) {
	var std bytes.Buffer
	if err := json.Compact(&std, []byte(purchase)); err != nil {
		t.Fatal(err)
	}
	if got := AppendCompact(nil, []byte(purchase)); !bytes.Equal(got, std.Bytes()) {
		t.Errorf("AppendCompact: %s\nwant %s", got, std.Bytes())
	}
}

func TestWalkersAllocateNothing(t *testing.T) {
	data, dst, scratch := []byte(purchase), make([]byte, 0, 4096), make([]byte, 0, 64)
	n := 0
	if got := testing.AllocsPerRun(100, func() {
		n += walk(data, &scratch)
		dst = AppendString(AppendCompact(dst[:0], data), data)
	}); got != 0 {
		t.Errorf("walking allocates %v times", got)
	}
	if n == 0 {
		t.Error("the walk saw nothing")
	}
}

// walk visits every value of data and returns how many there are.
func walk(data []byte, scratch *[]byte) int {
	n := 1
	switch Kind(data) {
	case 'o':
		Object(data, func(k, v []byte) bool {
			*scratch = (*scratch)[:0]
			Key(k, scratch)
			n += walk(v, scratch)
			return true
		})
	case 'a':
		Array(data, func(v []byte) bool {
			n += walk(v, scratch)
			return true
		})
	default:
		*scratch = (*scratch)[:0]
		Text(data, scratch)
	}
	return n
}

// FuzzCheck holds Check to encoding/json's grammar, and the walkers to its reading of what Check takes.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{
		purchase, `null`, `[1,-0.5e+3,"\ud83d\ude00",{"a":{"a":[]}}]`, `{"a":1,"\u0061":2}`, "\"\xff\"", `{"a":`, `[1,]`,
		`"\ud800"`, `["\ude00\ud83d\ud83d\ude00","\ud83d\u0041\\ud83d"]`, `{"` + strings.Repeat(`a`, 100) + `":01}`, ` 1 `, `"\u00e9\\"`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		err := Check(data, Limits{})
		valid := json.Valid(data)
		if err == nil && !valid {
			t.Fatalf("Check takes what encoding/json does not: %q", data)
		}
		e := &Error{}
		if errors.As(err, &e) && valid {
			switch e.What {
			case WhatDuplicate, WhatUTF8, WhatDeep, WhatKeys, WhatElements, WhatLongNumber:
			default:
				t.Fatalf("Check refuses what encoding/json takes: %q: %v", data, err)
			}
		}
		var scratch []byte
		walk(data, &scratch) // on anything: ends, without a panic
		if err != nil {
			return
		}
		var std any
		dec := json.NewDecoder(bytes.NewReader(data))
		dec.UseNumber()
		if err := dec.Decode(&std); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(std, tree(data)); diff != "" {
			t.Fatalf("walking %q: %s", data, diff)
		}
		var compact bytes.Buffer
		_ = json.Compact(&compact, data)
		Mend(compact.Bytes())
		if HasHalf(compact.Bytes()) {
			t.Fatalf("Mend leaves a half: %q", compact.Bytes())
		}
		if diff := cmp.Diff(std, tree(compact.Bytes())); diff != "" {
			t.Fatalf("mending %q: %s", data, diff)
		}
		if got := AppendCompact(nil, data); !bytes.Equal(got, compact.Bytes()) {
			t.Fatalf("AppendCompact(%q) = %q, want %q", data, got, compact.Bytes())
		}
	})
}

// tree builds with the walkers what encoding/json would.
func tree(data []byte) any {
	switch Kind(data) {
	case 'o':
		m := map[string]any{}
		Object(data, func(k, v []byte) bool {
			m[string(Key(k, nil))] = tree(v)
			return true
		})
		return m
	case 'a':
		a := []any{}
		Array(data, func(v []byte) bool {
			a = append(a, tree(v))
			return true
		})
		return a
	case 's':
		return string(Text(data, nil))
	case 'n':
		return json.Number(Text(data, nil))
	case 't', 'f':
		return Kind(data) == 't'
	}
	return nil
}

func BenchmarkCheck(b *testing.B) {
	data := []byte(purchase)
	b.Run("jsonscan", func(b *testing.B) {
		b.ReportAllocs()
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			if err := Check(data, Limits{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding-json-Valid", func(b *testing.B) { // checks less: neither duplicate keys nor UTF-8 nor limits
		b.ReportAllocs()
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			if !json.Valid(data) {
				b.Fatal("invalid")
			}
		}
	})
}

// BenchmarkCheckManyKeys shows that the duplicate check is linear.
func BenchmarkCheckManyKeys(b *testing.B) {
	for _, n := range []int{20, 200, 1000} {
		var s strings.Builder
		for i := range n {
			fmt.Fprintf(&s, `,"key%d":1`, i)
		}
		data := []byte("{" + s.String()[1:] + "}")
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := Check(data, Limits{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/key")
		})
	}
}

func BenchmarkWalk(b *testing.B) {
	data := []byte(purchase)
	b.Run("jsonscan", func(b *testing.B) {
		b.ReportAllocs()
		var scratch []byte
		for b.Loop() {
			walk(data, &scratch)
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var v any
			if err := json.Unmarshal(data, &v); err != nil {
				b.Fatal(err)
			}
		}
	})
}
