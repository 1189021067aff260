# What a developer types; the checks are the steps of .ci/run, so that they are written down once.
MODULES  := pkg services/ingest services/normalizer services/forwarder services/ledger services/sandbox services/omnicapi e2e
SERVICES := ingest normalizer forwarder ledger sandbox omnicapi
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null)
COMMIT   ?= $(shell git rev-parse HEAD 2>/dev/null)
STAMP    := github.com/omnicapi/omnicapi/pkg/version
LDFLAGS  := -X $(STAMP).tag=$(VERSION) -X $(STAMP).commit=$(COMMIT)
FUZZTIME ?= 5s

.DEFAULT_GOAL := help
.PHONY: help build test race lint alerts chart fuzz e2e kafka soak demo generate tidy images check

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build the services and the command into bin/, stamped with the tag and the commit
	go build -ldflags "$(LDFLAGS)" -o bin/ $(SERVICES:%=./services/%)

test: ## all tests, on the embedded broker
	.ci/run test

race: ## the packages' tests under the race detector, shuffled
	.ci/run race

lint: ## format, vet, golangci-lint, actionlint
	.ci/run format lint

alerts: ## the alerts' tests, by promtool
	.ci/run alerts

chart: ## the tests of deploy/chart, by helm
	.ci/run chart

fuzz: ## fuzz every decoder: FUZZTIME=1m for longer
	FUZZTIME=$(FUZZTIME) .ci/run fuzz

e2e: ## real processes on the embedded broker, with the real clients of others
	.ci/run clients
	KAFKA_TEST=embedded go test -count=1 ./e2e/...

kafka: ## the contract of pkg/stream and the end-to-end tests on Apache Kafka; to only start one: tools/kafka start
	.ci/run kafka

soak: ## faults at random on three brokers of Apache Kafka: SOAK=1h for longer, SEED=n to repeat
	.ci/run soak

demo: ## run the whole pipeline with events of every format
	go run ./services/omnicapi demo

generate: ## write the generated files again
	go -C pkg generate ./...

tidy: ## tidy each module and the workspace
	go work sync
	for m in $(MODULES); do GOWORK=off go -C $$m mod tidy || exit 1; done

images: ## build an image of each service, with Docker
	for s in $(SERVICES); do docker build -f deploy/Dockerfile --build-arg SERVICE=$$s --build-arg VERSION=$(VERSION) \
		--build-arg COMMIT=$(COMMIT) -t omnicapi/$$s:$(VERSION) -t omnicapi/$$s:latest . || exit 1; done

check: ## everything that must hold before a change lands
	.ci/run
