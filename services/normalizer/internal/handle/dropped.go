package handle

// DroppedValues are the values left out of the last event, each as its field and the reason, never by the value itself.
func (s *Scratch) DroppedValues() []string {
	var all []string
	for _, d := range s.out.Dropped {
		all = append(all, d.Field+" "+d.Reason)
	}
	return all
}
