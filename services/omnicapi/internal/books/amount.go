package books

import (
	"math"
	"strconv"
	"strings"
)

// unit is how many of entry.value's are one of a currency.
const unit = 1_000_000

// amountOf reads a decimal as pkg/number writes it: -12.5. What has more than six places loses those; what is no amount is 0.
func amountOf(text []byte) int64 {
	s := string(text)
	whole, part, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n > math.MaxInt64/unit-1 || n < math.MinInt64/unit+1 {
		return 0
	}
	part = (part + "000000")[:6]
	m, err := strconv.ParseUint(part, 10, 32)
	if err != nil {
		return 0
	}
	if strings.HasPrefix(s, "-") {
		return n*unit - int64(m)
	}
	return n*unit + int64(m)
}

// textOf writes an amount, with two places at least.
func textOf(amount int64) string {
	sign := ""
	if amount < 0 {
		sign, amount = "-", -amount
	}
	part := strconv.FormatInt(unit+amount%unit, 10)[1:]
	for len(part) > 2 && part[len(part)-1] == '0' {
		part = part[:len(part)-1]
	}
	return sign + strconv.FormatInt(amount/unit, 10) + "." + part
}
