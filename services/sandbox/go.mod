module github.com/omnicapi/omnicapi/services/sandbox

go 1.26.0

require github.com/omnicapi/omnicapi/pkg v0.0.0

replace github.com/omnicapi/omnicapi/pkg => ../../pkg
