package mapfile

import "bytes"

// unmark takes off the marks by which exports keep a spreadsheet from reading a text as a number: ="02139" and '02139. An
// apostrophe before a letter is the text's own ('s-Hertogenbosch).
func unmark(cell []byte) []byte {
	if len(cell) < 2 {
		return cell
	}
	if inner, ok := bytes.CutPrefix(cell, []byte(`="`)); ok && len(inner) > 0 && inner[len(inner)-1] == '"' {
		return bytes.TrimSpace(inner[:len(inner)-1])
	}
	if c := cell[1]; cell[0] == '\'' && (isDigit(c) || c == '+' || c == '-' || c == '=' || c == '@' || c == '(') && cell[len(cell)-1] != '\'' {
		return cell[1:]
	}
	return cell
}
