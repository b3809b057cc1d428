# Two commands: `make demo` and `make test`. Each sets up what is missing first.
SHELL := /bin/bash
PORT ?= 8000
BIN := .venv/bin
STAMPS := .venv/.stamps
export PYTHONUNBUFFERED := 1

.PHONY: demo test check bench setup clean lock format

demo: setup
	@VAKHTA_PORT=$(PORT) exec $(BIN)/vakhta demo

test: setup
	@bash .ci/chromium
	@bash .ci/postgresql
	@bash .ci/cluster
	@$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder --no-fold-skipped $(ARGS)

check: setup
	@$(BIN)/ruff format --check --output-format concise .
	@$(BIN)/ruff check --output-format concise .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/vakhta assets types
	@$(BIN)/vakhta migrate --check
	@$(BIN)/python -m vakhta.cli.locks
	@$(BIN)/python -m vakhta.cli.catalogue
	@$(BIN)/python -m pytest -q -k document

bench: setup
	@$(BIN)/python -m bench.run $(SIZE)

setup: $(STAMPS)/python $(STAMPS)/assets

format: setup
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# Python: a venv, uv by its hash, then everything else by hashes through uv.
$(STAMPS)/python: requirements.lock bootstrap.lock pyproject.toml
	@bash .ci/venv
	@mkdir -p $(STAMPS) && touch $@

# The browser's libraries, fonts and icons: from the npm registry through the lock, into static/vendor;
# the English words of the pages, compiled.
$(STAMPS)/assets: package.json package-lock.json src/vakhta/web/vendor.toml src/vakhta/locale/en/LC_MESSAGES/django.po | $(STAMPS)/python
	@bash .ci/npm ci --silent --no-progress
	@$(BIN)/vakhta assets collect
	@touch $@

# New versions: writes both locks, with hashes and without addresses.
lock: setup
	@$(BIN)/python -m vakhta.cli.locks write
	@bash .ci/npm install --package-lock-only --silent

clean:
	rm -rf .venv node_modules src/vakhta/web/static/vendor var
