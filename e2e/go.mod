module github.com/omnicapi/omnicapi/e2e

go 1.26.0
