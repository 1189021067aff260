# One image a service, of the binaries that the release built: see .goreleaser.yaml. To build from the source: Dockerfile.
FROM gcr.io/distroless/static-debian12:nonroot
ARG TARGETPLATFORM SERVICE
COPY $TARGETPLATFORM/$SERVICE /service
USER nonroot
ENTRYPOINT ["/service"]
