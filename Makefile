# One line of help each: `make help`. Needs Python 3.11, git and make; nothing else.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

STAGE ?= dev
PYTHON ?= python3.11
# Of the tests: more than processors, because many wait for the local cloud.
JOBS ?= 3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
COMPILE := $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 --custom-compile-command 'make lock'

.PHONY: help run stop reset backfill replay recount test lint bench package deploy site browser lock e2e ledger oracle alerts attacks fuzz kills ci

help: ## this list
	@grep -hE '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9]+):.*## /  make \1|/' | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

# pip installs uv by its hash, uv installs the rest: seconds where pip needs minutes. The stamp holds what was installed.
$(STAMP): requirements/uv.txt requirements/dev.txt
	@command -v $(PYTHON) > /dev/null || { echo "$(PYTHON) is not there: install Python 3.11, or say which with PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "$(PYTHON) is not Python 3.11" >&2; exit 1; }
	@echo "installing the environment"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python requirements/dev.txt
	@touch $@

run: $(STAMP) ## the whole system on this machine, deployed; again: update it, keep the data
	@$(BIN)/python -m infra.local.run

stop: ## end what `make run` started; its data stays
	@if test -x $(BIN)/python; then $(BIN)/python -m infra.local.stop; else echo "nothing was running"; fi

reset: ## stop, and forget the data
	@if test -x $(BIN)/python; then $(BIN)/python -m infra.local.stop reset; else rm -rf .local; fi

backfill: $(STAMP) ## pull the past of a SOURCE, FROM and TO (ISO 8601; AGAIN=1 if restated), or CANCEL=job
	@$(BIN)/python -m infra.jobs backfill --source '$(SOURCE)' --from '$(FROM)' --to '$(TO)' --cancel '$(CANCEL)' --again '$(AGAIN)'

replay: $(STAMP) ## read the records of a SOURCE that were set aside again, perhaps FROM and TO, or CANCEL=job
	@$(BIN)/python -m infra.jobs replay --source '$(SOURCE)' --from '$(FROM)' --to '$(TO)' --cancel '$(CANCEL)'

test: $(STAMP) ## every test that needs no running system
	@$(BIN)/python -m pytest -m "not deployed" -n $(JOBS) --doctest-modules tests chalicelib functions infra $(ARGS)
	@$(BIN)/python -m infra.site run test

e2e: $(STAMP) ## the tests of the running system; `make run` first
	@HEADWATER_REQUIRE_DEPLOYED=1 $(BIN)/python -m pytest -m deployed -n 2 --dist loadgroup -rR --durations=12 tests/e2e $(ARGS)
	@HEADWATER_REQUIRE_DEPLOYED=1 $(BIN)/python -m infra.site run test:e2e

ledger: $(STAMP) ## of the running system: every table beside its vendor's own book, and what was paid
	@$(BIN)/python -m tests.ledger

recount: $(STAMP) ## every metric, interval and twelve zones beside a recount of raw rows; late data too (ARGS=--seed=N)
	@$(BIN)/python -m tests.recount $(ARGS)

oracle: $(STAMP) ## the local Athena beside a real Trino, statement by statement; needs Java 17 and Maven (ARGS=--all shows more)
	@$(BIN)/python -m tests.oracle $(ARGS)

attacks: $(STAMP) ## hostile SQL at both doors, written down and made up, and honest SQL (ARGS=--generated=2000 for fewer)
	@$(BIN)/python -m tests.attacks --generated 50000 $(ARGS)

fuzz: $(STAMP) ## made-up requests to every route, by the OpenAPI document (ARGS=--cases=5000 for fewer)
	@$(BIN)/python -m tests.fuzz --cases 10000 $(ARGS)

alerts: $(STAMP) ## a year of 200 alert rules beside a model of them; what is found unusual beside what is
	@$(BIN)/python -m tests.unit.alerts.test_year
	@$(BIN)/python -m tests.anomalies

kills: $(STAMP) ## kill -9 of the sender at every call, twenty seeds, an hour (ARGS=--every=10 for a tenth): each message once
	@$(BIN)/python -m tests.kills $(ARGS)

lint: $(STAMP) ## style, types, import contracts, the template, every IAM policy
	@infra/lint.sh

bench: $(STAMP) ## every benchmark; results in bench/results/
	@$(BIN)/python -m bench $(ARGS)

package: $(STAMP) ## build what is deployed to AWS, and print its sizes
	@$(BIN)/python -m infra.build --target aws --stage $(STAGE)

deploy: package site ## deploy STAGE (dev) to AWS with the AWS CLI
	@PATH="$(CURDIR)/$(BIN):$$PATH" infra/deploy.sh $(STAGE)

site: $(STAMP) ## build the dashboard into dashboard/dist, when its sources have changed
	@$(BIN)/python -m infra.site

browser: site ## the dashboard in a real browser (/usr/bin/chromium), against an API made for it
	@$(BIN)/python -m infra.site run test:browser

lock: $(STAMP) ## compile every lock file anew
	@$(COMPILE) requirements/uv.in -o requirements/uv.txt
	@$(COMPILE) requirements/dev.in -o requirements/dev.txt
	@$(COMPILE) -c requirements/dev.txt requirements/api.in -o requirements.txt
	@for name in functions layer cloud; do $(COMPILE) -c requirements/dev.txt requirements/$$name.in -o requirements/$$name.txt; done
	@for name in policy dlt; do $(COMPILE) requirements/$$name.in -o requirements/$$name.txt; done

ci: ## what CI runs, from a clean clone
	@.ci/run
