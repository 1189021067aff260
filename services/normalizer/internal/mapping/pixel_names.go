package mapping

// pixelNames is what the Meta Pixel calls its events: Meta's standard names and the automatic ones, which are dropped.
var pixelNames = namesWith(map[string]string{
	"Microdata":             "",
	"SubscribedButtonClick": "",
	"InputData":             "",
}, standardNames...)
