# The simulator of a Command Center, and not the provider: docs/guides/simulator.md says how to run it.
#
#   docker build -t commvault-simulator .

FROM golang:1.26 AS build
WORKDIR /src
# It imports nothing but Go's own packages, so that nothing is downloaded.
COPY go.mod go.sum ./
COPY internal/simulator internal/simulator
COPY internal/cmd/simulator internal/cmd/simulator
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags '-s -w' -o /commvault-simulator ./internal/cmd/simulator
RUN mkdir /simulator

FROM scratch
COPY --from=build /commvault-simulator /commvault-simulator
# Who runs it may write here: ca.pem and commvault.env.
COPY --from=build --chown=65532:65532 /simulator /simulator
VOLUME /simulator
USER 65532:65532
EXPOSE 4433
ENTRYPOINT ["/commvault-simulator", "-address", "0.0.0.0:4433", "-directory", "/simulator"]
