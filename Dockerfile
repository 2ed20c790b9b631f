# SPDX-License-Identifier: Apache-2.0
# The operator's image: Node, one file of program, and no shell. Its context is dist/image, which `make image-context`
# fills, together with a copy of this file that names the version: docker build dist/image. See docs/image.md.

# The base of the context decides: `scratch` where base/ holds all of it as Debian packages, which needs no image registry.
ARG BASE=gcr.io/distroless/cc-debian12:nonroot
FROM ${BASE}

# Three layers, of which a new version of Headway changes only the last one.
COPY base/ /
COPY node/ /
COPY headway/ /

ARG VERSION=unknown
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
ARG SOURCE=
LABEL org.opencontainers.image.title="Headway" \
      org.opencontainers.image.description="An operator for progressive delivery on Kubernetes" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.licenses="Apache-2.0"

# The same as in the first line of the bundle; a test compares them with scripts/bundle/launch.ts.
ENV MALLOC_ARENA_MAX=1
ENTRYPOINT ["/usr/local/bin/node", "--max-semi-space-size=1", "--optimize-for-size", "--no-maglev", "/usr/lib/headway/headway.mjs"]

# As numbers: runAsNonRoot of Kubernetes does not look up names.
USER 65532:65532
WORKDIR /
EXPOSE 8080 8081
