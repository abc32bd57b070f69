# Needs git, make and Python 3.11 or newer with its venv module; everything else goes into .venv.
#
#   make audit   try kaudit on the pages in seeds/
#   make test    everything that CI checks
#
# Behind them: make check (the same, nothing installed anew), make rule ID=cures-condition, make seeds, make docs,
# make site (the documentation, in build/site), make fuzz SECONDS=10 (each target, on Linux), make test-pythons (the
# same bytes on every Python that is here), make test-spark (tables and a cluster; needs Java), make lock (development
# dependencies anew), make advisories (what is known against them), make clean.

SHELL := /bin/sh
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONUTF8 := 1

.DELETE_ON_ERROR:
.PHONY: audit test check rule seeds docs site fuzz test-pythons test-spark lock advisories clean

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

site: .venv/dev
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet -b html docs build/site

SECONDS := 10
fuzz: .venv/dev
	$(BIN)/python -m pip install --quiet 'atheris>=3'
	$(BIN)/python fuzz/run.py --seconds $(SECONDS)

test-pythons: .venv/dev
	$(BIN)/python tests/on_pythons.py

test-spark: .venv/dev
	$(BIN)/python -m pip install --quiet 'pyspark>=3.5' 'pyarrow>=14' 'pandas>=2,<3'
	$(BIN)/python -m pytest -q tests/test_spark.py tests/test_arrow.py

lock: .venv/dev
	$(BIN)/python -m pip install --quiet 'uv>=0.5'
	$(BIN)/uv pip compile --quiet --universal --upgrade --generate-hashes --python-version 3.11 --no-header \
	    --extra dev --extra docs --output-file requirements-dev.txt pyproject.toml

advisories: .venv/dev
	$(BIN)/python -m pip install --quiet 'pip-audit>=2.7'
	$(BIN)/python tests/advisories.py

clean:
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps lie inside .venv, so that whoever removes it removes them too.
.venv/installed: pyproject.toml | .venv/made
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

# What developers and CI use is locked, each file by its hash, with the documentation's tools; users get what fits.
.venv/dev: pyproject.toml requirements-dev.txt | .venv/made
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --editable .
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
