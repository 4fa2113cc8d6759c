# One word per chore; the same words run in CI. Each makes .venv by itself, from the lock files, and says nothing when it is there.
#
#   demo     the whole story on simulated routers, in under a minute
#   test     unit tests, cases, laws and the rules of the house
#   fleet    the real client and the real store against simulated routers; clients of others too, from .venv-foreign
#   check    style, types, import contracts, licences; prints the size and duplicate budgets
#   format   put the source in the one format
#   bench    print the figures that the house promises to hold
#   reference  write docs/reference/menus anew from the catalogue
#   lock     compile requirements/*.txt from pyproject.toml again (needs a package index)
#   torture  the laws with thousands of random examples, and the full matrices (by hand)

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
LOCKS  := requirements/run.txt requirements/dev.txt
FOREIGN := .venv-foreign
FOREIGN_STAMP := $(FOREIGN)/.installed
FOREIGN_LOCK := requirements/foreign.txt
FACTS  := schemas/catalogue/catalogue.bin
PYTEST := $(BIN)/python -m pytest -q
PIP    := $(BIN)/python -m pip --disable-pip-version-check -qq --no-input
COMPILE = CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/python -m piptools compile --quiet --generate-hashes --allow-unsafe \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --strip-extras $(UPGRADE)

MAKEFLAGS += --no-print-directory
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help demo test fleet check format bench reference lock conformance torture venv foreign catalogue style types contracts licences budgets

help:
	@sed -n 's/^#   \([a-z]\)/make \1/p' Makefile

demo: catalogue
	@$(BIN)/plumbline demo

test: catalogue
	@$(PYTEST) -n 2 --dist loadfile tests/unit tests/cases tests/laws tests/house

fleet: catalogue foreign
	@$(PYTEST) -m "not torture" tests/fleet

reference: catalogue
	@$(BIN)/plumbline schema pages docs/reference/menus

bench: catalogue
	@$(BIN)/python -m tests.bench

torture: catalogue
	@PLUMBLINE_HYPOTHESIS=torture $(PYTEST) -n 2 tests/laws
	@$(PYTEST) -m torture tests || test $$? -eq 5

conformance:
	@echo "There is no conformance suite yet: it comes with the MCP server over HTTP." >&2; exit 1

check: style types contracts licences budgets

style: venv
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo "Some files are not in the house's format: run make format." >&2; exit 1; }

types: venv
	@$(BIN)/mypy

contracts: venv
	@$(BIN)/lint-imports

licences: venv
	@$(BIN)/python -m tests.house.licences

budgets: venv
	@$(BIN)/python -m tests.house.budgets

format: venv
	@$(BIN)/ruff check --quiet --fix . || true
	@$(BIN)/ruff format .

# `make lock` keeps the versions that still fit; `make lock UPGRADE=--upgrade` takes the newest.
lock: venv
	@$(COMPILE) --output-file=requirements/run.txt pyproject.toml
	@$(COMPILE) --extra=dev --constraint=requirements/run.txt --output-file=requirements/dev.txt pyproject.toml
	@$(COMPILE) --output-file=$(FOREIGN_LOCK) requirements/foreign.in

# ------------------------------------------------------------------------------------------------- what the chores stand on

venv: $(STAMP)
	@:

# Times change with every checkout, so the stamp holds what was installed: equal content installs nothing.
$(STAMP): pyproject.toml $(LOCKS)
	@if ! cat $^ | cmp -s - $@; then \
		$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
			{ echo "Plumbline needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Try: make PYTHON=python3.11" >&2; exit 1; }; \
		$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
			{ echo "Python's venv module is missing. On Debian: apt-get install python3-venv" >&2; exit 1; }; \
		echo "Installing into $(VENV) (once) …" >&2; \
		test -x $(BIN)/python || $(PYTHON) -m venv $(VENV); \
		$(PIP) install --require-hashes -r requirements/dev.txt; \
		$(PIP) install --no-deps --no-build-isolation --editable .; \
	fi
	@cat $^ > $@

# Clients that others wrote stand apart from what ships and from what we test with: one is GPL, one needs an old attrs.
foreign: $(FOREIGN_STAMP)
	@:

$(FOREIGN_STAMP): $(FOREIGN_LOCK) | $(STAMP)
	@if ! cat $^ | cmp -s - $@; then \
		echo "Installing into $(FOREIGN) (once) …" >&2; \
		$(PYTHON) -m venv --clear $(FOREIGN); \
		$(FOREIGN)/bin/python -m pip --disable-pip-version-check -qq --no-input install --require-hashes -r $(FOREIGN_LOCK); \
	fi
	@cat $^ > $@

# The catalogue rebuilds itself when its sources are newer; building it here keeps parallel tests from doing it twice.
catalogue: $(FACTS)
	@:

$(FACTS): $(STAMP) $(wildcard schemas/catalogue/*.py schemas/values/*.py schemas/catalogue/facts/* schemas/catalogue/knowledge/*)
	@$(BIN)/python -m schemas.catalogue.artefact > /dev/null
	@touch $@
