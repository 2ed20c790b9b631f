# SPDX-License-Identifier: Apache-2.0
# Every verb is the same by hand and in CI. node_modules/.bin holds the Node that the lockfile pins.
.DEFAULT_GOAL := help
.PHONY: help check lint format test unit chart simulate api faults e2e generate install-file plugin demo image image-context bench bench-judge bench-loss cluster-up cluster-down clean

export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
NODE := node_modules/.bin/node
READY := node_modules/.installed
CLUSTER := $(or $(NAME),dev)

help: ## say what each verb does
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

check: $(READY) ## types, lint, format, drift of CRDs and chart, unused code, the bundle, go vet
	@$(NODE) scripts/test.ts check

lint: $(READY) ## lint with the type-aware rules and the walls between rooms
	@$(NODE) node_modules/oxlint/bin/oxlint --type-aware --deny-warnings

format: $(READY) ## format every file
	@node_modules/.bin/biome format --write .

test: $(READY) ## check, unit, chart, simulate, api, faults and e2e; ends with one line of totals
	@$(NODE) scripts/test.ts

unit: $(READY) ## unit tests: no cluster, seconds
	@$(NODE) scripts/test.ts unit

chart: $(READY) ## lint and render the chart in every way, and test its alerts
	@$(NODE) scripts/test.ts chart

simulate: $(READY) ## random stories on a modelled cluster; N=1000000 stories, SEED=x tells one, FROM= and SECONDS=
	@N=$(N) SEED=$(SEED) FROM=$(FROM) SECONDS=$(SECONDS) $(NODE) test/simulation/main.ts

api: $(READY) ## tests against a real API server
	@$(NODE) scripts/test.ts api

faults: $(READY) ## faults between the operator and a real API server; ROW=F27 runs some, KEEP=1 keeps the cluster
	@$(NODE) scripts/test.ts faults

e2e: $(READY) ## stories on a real node under load; KEEP=1 keeps the cluster, STORY=name runs some
	@$(NODE) scripts/test.ts e2e

generate: $(READY) ## write crds/ and docs/reference from operator/api, deploy/argocd, roles and the generated parts of the chart
	@$(NODE) scripts/crd/generate.ts
	@$(NODE) test/gitops/generate.ts
	@$(NODE) scripts/chart/generate.ts
	@$(NODE) scripts/reference/generate.ts

install-file: $(READY) ## write deploy/install.yaml as Helm renders the chart
	@$(NODE) scripts/chart/render.ts

plugin: $(READY) ## write the kubectl plugin, dist/kubectl-headway, and what completes it
	@$(NODE) scripts/bundle.ts --product plugin
	@cp cli/completion/kubectl_complete-headway dist/

demo: $(READY) ## a good release and a bad one, told line by line; KEEP=1 keeps the cluster
	@$(NODE) test/demo/main.ts

image: $(READY) ## the operator's image and what is in it, under dist/; TAG=reference, BASE=image of a registry
	@$(NODE) scripts/image.ts --base=$(BASE) --tag=$(TAG)

image-context: $(READY) ## only dist/image, for a builder of your own: docker build dist/image; BASE=
	@$(NODE) scripts/image.ts --base=$(BASE) --context-only

bench: $(READY) ## measure the operator on a real API server
	@$(NODE) bench/main.ts

bench-judge: $(READY) ## play releases before the judge: false alarms and delays, in minutes
	@$(NODE) bench/judge/main.ts

bench-loss: $(READY) ## a million requests through every move, an hour; REQUESTS=100000 DELAYS=0,3.3 LANES=gateway
	@REQUESTS=$(REQUESTS) DELAYS=$(DELAYS) LANES=$(LANES) $(NODE) bench/main.ts loss

cluster-up: $(READY) ## start a test cluster; NAME=dev
	@$(NODE) test/cluster/main.ts up --name $(CLUSTER)

cluster-down: $(READY) ## end it and leave nothing behind; NAME=dev
	@$(NODE) test/cluster/main.ts down --name $(CLUSTER)

clean: $(READY) ## end this checkout's clusters and delete what was built here
	@$(NODE) scripts/clean.ts

# Not `npm ci`: it refuses the lockfile where a registry lacks the binaries of other platforms, which nobody installs.
# With --no-save npm install keeps to the lockfile, its versions and hashes, and leaves it as it is.
$(READY): package-lock.json
	@echo 'installing node_modules'
	@npm install --no-save --no-audit --no-fund --ignore-scripts --loglevel=error
	@touch $@
