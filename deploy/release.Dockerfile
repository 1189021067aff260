# One image a service, of the binaries that the release built: see .goreleaser.yaml. To build from the source: Dockerfile.
FROM gcr.io/distroless/static-debian12:nonroot@sha256:afa5c872c891853ca7fcf1f12c3edb23f7eeef36189728842dd51042ff57f7ab
ARG TARGETPLATFORM SERVICE
COPY $TARGETPLATFORM/$SERVICE /service
USER 65532:65532
ENTRYPOINT ["/service"]
