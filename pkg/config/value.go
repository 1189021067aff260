package config

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
)

// parse reads a scalar's text as a kind; the error never quotes it.
func parse(k kind, raw string) (any, error) {
	switch k {
	case number:
		n, err := strconv.Atoi(raw)
		if err != nil {
			return nil, errors.New("is no whole number")
		}
		return n, nil
	case decimal:
		f, err := strconv.ParseFloat(raw, 64)
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, errors.New("is no number")
		}
		return f, nil
	case duration:
		d, err := time.ParseDuration(raw)
		if err != nil {
			return nil, errors.New("is no duration: write it with a unit, like 500ms, 8s or 168h")
		}
		return d, nil
	case truth:
		if raw != "true" && raw != "false" {
			return nil, errors.New("is neither true nor false")
		}
		return raw == "true", nil
	case size:
		return ParseSize(raw)
	}
	if strings.ContainsAny(raw, "\r\n\x00") {
		return nil, errors.New("holds a line break: it must be one line")
	}
	return raw, nil
}
