# make help lists the targets. PYTHON chooses the interpreter, VENV the environment it goes into.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& echo $$p && break; done)
VENV ?= .venv
BIN = $(VENV)/bin
READY = $(VENV)/.ready
WORKERS ?= auto

.DEFAULT_GOAL := help
.PHONY: help setup run test check bad-inputs fuzz soak bench lock contract clean

help: ## List the targets.
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(READY) ## Build .venv from the lock file (nothing is done when it is up to date).

$(READY): requirements/dev.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11, 3.12 or 3.13 found on the PATH; install one, or say make PYTHON=/path/to/python"; exit 2; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

run: $(READY) ## Serve a school, import from it with the reference client, compare.
	$(BIN)/koppeling run

test: $(READY) check ## Every check and every test.
	$(BIN)/pytest -n $(WORKERS)

check: $(READY) ## Formatting, lint and types.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bad-inputs: $(READY) ## Print the table of bad inputs: row, expected, got.
	$(BIN)/python -m tests.bad_inputs

fuzz: $(READY) ## 10,000 mutated messages (some minutes).
	FUZZ_EXAMPLES=10000 $(BIN)/pytest tests/test_fuzz.py

soak: $(READY) ## 200 clients at once for a minute: good, bad, slow and stalled.
	$(BIN)/python -m tests.soak

bench: $(READY) ## Speed, as ratios measured in one run (some minutes).
	$(BIN)/python -m bench

contract: $(READY) ## Freeze the published WSDL anew, after the contract has changed.
	$(BIN)/python -m mockserver.contract.publication

lock: $(READY) ## Resolve the lock files anew from pyproject.toml.
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header \
		--python-version 3.11 --group dev pyproject.toml --output-file requirements/dev.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header \
		--python-version 3.11 --constraint requirements/dev.txt pyproject.toml \
		--output-file requirements/run.txt

clean: ## Remove what the other targets made.
	rm -rf .venv .venv-* .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
