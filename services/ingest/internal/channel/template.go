package channel

// template makes an event_id of a format's prefix and the sender's own key, which is unique beyond one source.
func (n *naming) template(prefix string, key []byte) []byte {
	start := len(n.text)
	n.text = append(append(n.text, prefix...), key...)
	return n.text[start:len(n.text):len(n.text)]
}
