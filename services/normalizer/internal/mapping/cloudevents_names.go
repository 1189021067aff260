package mapping

// cloudEventsNames is Meta's standard names: a type is whatever its sender invented, so that any other is a custom event
// unless the source's events name it.
var cloudEventsNames = namesWith(nil, standardNames...)
