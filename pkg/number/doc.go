// Package number reads numbers as people, spreadsheets and programs write them: amounts of money, and identifiers that
// were stored as numbers. The kernels of the formats and the mapping files call it. It refuses to guess: what can be read
// as two numbers, or has lost digits, is none.
package number
