// Package identity is the whole policy for customer information: how a value of each match key is normalized, hashed or
// dropped. Its rules are those of Meta's param builder ("PB") with the exceptions of the project's normalization policy;
// testdata holds Meta's own test vectors and the list of rows from which the policy departs, each with its rule.
//
// The normalizer calls Append for every value of every event, and the command to explain one. Everything appends to the
// caller's buffer; the plain shapes of every key cost no allocation. The package refuses I/O, holds no clock, and never
// puts a raw value into an error: what it says of a value is a Drop.
//
// One key or family of keys is one file. append.go is the way in and lists every rule; hashed.go decides whether a value
// came hashed; untidy.go takes off what tools left in a value; package phone reads numbers.
package identity
