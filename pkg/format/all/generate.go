package all

//go:generate go run ../internal/catalog/cmd -repository ../../..
