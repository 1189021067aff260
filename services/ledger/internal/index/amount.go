package index

import (
	"encoding/binary"
	"math"
	"math/big"
	"math/bits"
	"strconv"
	"strings"
)

// unit is how many of an Amount are one of a currency.
const unit = 1_000_000

// Amount is a sum of money in millionths, of 128 bits: as many values of 64 bits as there may be do not overflow it.
type Amount struct {
	hi int64
	lo uint64
}

// AmountOf reads a decimal as pkg/number writes it: -12.5. What has more than six places loses those; what is no amount is 0.
func AmountOf(text string) Amount {
	whole, part, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n > math.MaxInt64/unit-1 || n < math.MinInt64/unit+1 {
		return Amount{}
	}
	m, err := strconv.ParseUint((part + "000000")[:6], 10, 32)
	if err != nil {
		return Amount{}
	}
	v := n*unit + int64(m)
	if strings.HasPrefix(text, "-") {
		v = n*unit - int64(m)
	}
	return Amount{hi: v >> 63, lo: uint64(v)}
}

// Plus is a + b.
func (a Amount) Plus(b Amount) Amount {
	lo, carry := bits.Add64(a.lo, b.lo, 0)
	return Amount{hi: a.hi + b.hi + int64(carry), lo: lo}
}

// Minus is a - b.
func (a Amount) Minus(b Amount) Amount {
	lo, borrow := bits.Sub64(a.lo, b.lo, 0)
	return Amount{hi: a.hi - b.hi - int64(borrow), lo: lo}
}

// String writes an amount, with two places at least.
func (a Amount) String() string {
	sign := ""
	if a.hi < 0 {
		sign, a = "-", Amount{}.Minus(a)
	}
	n := new(big.Int).Lsh(new(big.Int).SetUint64(uint64(a.hi)), 64)
	n.Or(n, new(big.Int).SetUint64(a.lo))
	whole, rest := n.QuoRem(n, big.NewInt(unit), new(big.Int))
	part := strconv.FormatUint(unit+rest.Uint64(), 10)[1:]
	for len(part) > 2 && part[len(part)-1] == '0' {
		part = part[:len(part)-1]
	}
	return sign + whole.String() + "." + part
}

// Append encodes the amount: signed varints of its halves, one byte or two where it is 0.
func (a Amount) Append(b []byte) []byte {
	return binary.AppendVarint(binary.AppendVarint(b, a.hi), int64(a.lo))
}

// ReadAmount reads what Append wrote, and what follows it; not ok: it was not Append.
func ReadAmount(b []byte) (a Amount, rest []byte, ok bool) {
	hi, n := binary.Varint(b)
	if n <= 0 {
		return Amount{}, nil, false
	}
	lo, m := binary.Varint(b[n:])
	if m <= 0 {
		return Amount{}, nil, false
	}
	return Amount{hi: hi, lo: uint64(lo)}, b[n+m:], true
}
