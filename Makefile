# Needs git, make and Python 3.11 or newer with its venv module; everything else goes into .venv.
#
#   make audit   try kaudit on the pages in seeds/
#   make test    everything that CI checks
#
# Behind them: make check (the same, nothing installed anew), make rule ID=cures-condition, make seeds, make docs,
# make site (the documentation, in build/site), make clean.

SHELL := /bin/sh
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUTF8 := 1

.DELETE_ON_ERROR:
.PHONY: audit test check rule seeds docs site clean

audit: .venv/installed
	@$(BIN)/kaudit check --exit-zero seeds/*.md

test: .venv/dev
	@$(MAKE) --no-print-directory check

check:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest

rule: .venv/dev
	@test -n "$(ID)" || { echo "make: name a rule, as in: make rule ID=cures-condition" >&2; exit 2; }
	$(BIN)/python -m pytest tests/test_catalog_examples.py -k "$(ID)"

seeds: .venv/dev
	KAUDIT_UPDATE_SNAPSHOTS=1 $(BIN)/python -m pytest tests/test_seeds.py

docs: .venv/dev
	KAUDIT_UPDATE_DOCS=1 $(BIN)/python -m pytest tests/test_docs.py

site: .venv/docs
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet -b html docs build/site

clean:
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps lie inside .venv, so that whoever removes it removes them too.
.venv/installed: pyproject.toml | .venv/made
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

.venv/dev: pyproject.toml | .venv/made
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@ .venv/installed

.venv/docs: pyproject.toml | .venv/made
	$(BIN)/python -m pip install --quiet --editable '.[docs]'
	@touch $@ .venv/installed

.venv/made:
	@rm -rf .venv
	@for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	    "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	    echo "Making .venv with $$("$$python" --version)"; \
	    "$$python" -m venv .venv && touch $@ && exit 0; \
	    rm -rf .venv; \
	done; \
	echo "make: kaudit needs Python 3.11 or newer, with its venv module, as python3 or python3.11 on the PATH;" >&2; \
	echo "      python3 here is: $$(python3 --version 2>&1 || true)." >&2; \
	exit 1
