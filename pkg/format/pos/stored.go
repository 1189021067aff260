package pos

// The members of a transaction that the receiver judges and names it by, and the mapper reads from what is stored.
const (
	memberID       = "transaction_id"
	memberTime     = "occurred_at"
	memberType     = "type"
	memberCustomer = "customer"
)

// sale is the type of a transaction that is an event, and of one that says no type.
const sale = "sale"
