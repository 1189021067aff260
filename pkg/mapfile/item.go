package mapfile

// The members of an item: Split writes them, Map and Identify read them, and receivers the exported ones.
const (
	MemberRow     = "row"      // the first line's number in the file
	MemberLines   = "lines"    // [[cell,…],…]
	memberColumns = "columns"  // the header, where the mapping names columns by it
	memberSerial  = "xlsx"     // true: dates are a spreadsheet's numbers
	member1904    = "date1904" // true: which begin in 1904
	memberAgain   = "again"    // how often the file had the same lines before
)
