module github.com/omnicapi/omnicapi/services/omnicapi

go 1.26.0

require (
	github.com/omnicapi/omnicapi/pkg v0.0.0
	github.com/omnicapi/omnicapi/services/forwarder v0.0.0
	github.com/omnicapi/omnicapi/services/ingest v0.0.0
	github.com/omnicapi/omnicapi/services/normalizer v0.0.0
	github.com/omnicapi/omnicapi/services/sandbox v0.0.0
)

replace (
	github.com/omnicapi/omnicapi/pkg => ../../pkg
	github.com/omnicapi/omnicapi/services/forwarder => ../forwarder
	github.com/omnicapi/omnicapi/services/ingest => ../ingest
	github.com/omnicapi/omnicapi/services/normalizer => ../normalizer
	github.com/omnicapi/omnicapi/services/sandbox => ../sandbox
)
