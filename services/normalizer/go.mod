module github.com/omnicapi/omnicapi/services/normalizer

go 1.26.0

require github.com/omnicapi/omnicapi/pkg v0.0.0

replace github.com/omnicapi/omnicapi/pkg => ../../pkg
