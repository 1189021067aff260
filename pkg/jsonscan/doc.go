// Package jsonscan reads and writes JSON on the hot path: without reflection, without maps, without copies.
//
// Ingest checks bodies with Check once; everything behind it walks checked bytes with Object, Array, Get and Text. Who
// checks and walks a whole record, as the normalizer does, keeps an Index, which scans its bytes only once. The package
// refuses what parsers disagree about: duplicate keys, invalid UTF-8, over-deep or over-long values. Half a surrogate pair
// it reads as U+FFFD (ADR 26). The walkers trust their input: on bytes that never passed Check they end early, but do not
// panic.
package jsonscan
