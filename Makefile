# make setup   the environment: .venv/bin/jishi works afterwards
# make run     the environment, the embedded database, the demo on first run, and the server
# make test    everything that is tested: the gates, the suite on SQLite and on PostgreSQL, the browser
# make check   the gates alone
# make clean   removes what was made, keeps the data in var/

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.NOTPARALLEL:
.DEFAULT_GOAL := help

# Compiled modules and rewritten assertions are kept, else each of the hundreds of processes of the tests makes its own.
unexport PYTHONDONTWRITEBYTECODE

PORT ?= 8000
WORKERS ?= 2
# Who has nothing left takes from another's: the last minutes are not one process's alone.
SHARED = -n $(WORKERS) --dist worksteal
# What this machine cannot have may be left out by name: make test WITHOUT="postgresql browser"
WITHOUT ?=

BIN := .venv/bin
MADE := .venv/.made
PIP := $(BIN)/python -m pip --disable-pip-version-check
BUILD := jishi/base/static/build
CATALOGUES := $(wildcard jishi/*/locale/*/LC_MESSAGES/django.po)
NODE_MODULES := web/node_modules/.package-lock.json
WEB := $(wildcard web/package.json)
WEB_SOURCES := $(if $(WEB),$(shell find web -name node_modules -prune -o -type f -print))

.PHONY: help setup run test check clean dev system-packages
.PHONY: test-sqlite test-postgresql test-browser rendered

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

setup: $(MADE)/jishi $(MADE)/translations $(if $(WEB),$(BUILD)/.made)

run: setup
	@exec $(BIN)/jishi serve --with-demo --port $(PORT)

$(MADE)/venv: scripts/venv.sh
	@sh scripts/venv.sh
	@mkdir -p $(MADE) && touch $@

$(MADE)/packages: requirements.txt requirements-build.txt $(MADE)/venv
	@echo "Installing the locked packages ..."
	@$(PIP) install --require-hashes -r requirements.txt -r requirements-build.txt | sed -nu 's/^Collecting \([^ ]*\).*/  \1/p'
	@touch $@

$(MADE)/jishi: pyproject.toml $(MADE)/packages
	@echo "Installing the jishi command ..."
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(MADE)/translations: $(CATALOGUES) scripts/translations.py $(MADE)/packages
	@$(BIN)/python scripts/translations.py compile
	@touch $@

$(NODE_MODULES): web/package-lock.json $(MADE)/packages
	@echo "Installing the web packages ..."
	@cd web && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(BUILD)/.made: $(WEB_SOURCES) $(NODE_MODULES)
	@echo "Building the web assets ..."
	@cd web && PATH="$(CURDIR)/$(BIN):$$PATH" npm run --silent build
	@touch $@

$(MADE)/dev: requirements-dev.txt requirements-schemas.txt $(MADE)/packages
	@echo "Installing the locked packages of the tests ..."
	@$(PIP) install --require-hashes -r requirements-dev.txt | sed -nu 's/^Collecting \([^ ]*\).*/  \1/p'
	@$(PIP) install --quiet --require-hashes --no-deps -r requirements-schemas.txt
	@touch $@

dev: setup $(MADE)/dev

check: dev
	@$(BIN)/python scripts/check.py

system-packages: dev
	@$(BIN)/python scripts/system_packages.py --without "$(WITHOUT)"

# The last line that this prints is pytest's own.
test: dev system-packages check test-sqlite test-postgresql test-browser

test-sqlite: dev
	@rm -rf .test/rendered
	@echo "The suite on SQLite:"
	@env -u JISHI_DATABASE_URL $(BIN)/python -m pytest $(SHARED) --ignore=tests/e2e --ignore=tests/test_house.py

test-postgresql: dev
ifeq (,$(findstring postgresql,$(WITHOUT)))
	@echo "The suite on PostgreSQL:"
	@$(BIN)/python scripts/postgres.py -- $(BIN)/python -m pytest $(SHARED) --ignore=tests/e2e --ignore=tests/test_house.py
endif

rendered: dev
	@$(BIN)/python scripts/unrendered.py

test-browser: dev
ifeq (,$(findstring browser,$(WITHOUT)))
	@echo "The browser tests:"
	@env -u JISHI_DATABASE_URL $(BIN)/python -m pytest $(SHARED) tests/e2e
endif

clean:
	rm -rf .venv .test .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache $(BUILD) web/node_modules build *.egg-info
	find jishi -name '*.mo' -delete
	find jishi tests scripts -name __pycache__ -type d -prune -exec rm -r {} +
