package handle

// DroppedValues are the values that the last event lost, as "field reason": names of closed lists, never a value.
func (s *Scratch) DroppedValues() []string {
	var all []string
	for _, d := range s.out.Dropped {
		all = append(all, d.Field+" "+d.Reason)
	}
	return all
}
