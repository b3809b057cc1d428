# Two commands: `make demo` and `make test`. Each sets up what is missing first.
SHELL := /bin/bash
PORT ?= 8000
SEEDS ?= 20
BIN := .venv/bin
STAMPS := .venv/.stamps
export PYTHONUNBUFFERED := 1

.PHONY: demo test check audit faults bench setup clean lock format

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
	@$(BIN)/bandit -q -c pyproject.toml -r src 2>/dev/null
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/vakhta assets types
	@$(BIN)/vakhta migrate --check
	@$(BIN)/python -m vakhta.cli.locks
	@$(BIN)/python -m vakhta.cli.catalogue
	@$(BIN)/python -m pytest -q -k document

# Known holes of what the lock names, asked of PyPI; a package that nobody could tell of is a failure too.
audit: setup
	@$(BIN)/pip-audit --strict --disable-pip --require-hashes -r requirements.lock

# kill -9 of every part at random moments while people work: a line for each seed, 1 when anything is wrong.
faults: setup
	@$(BIN)/python -m tests.stories.faults --seeds $(SEEDS)

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
	@bash .ci/npm ci --loglevel=error --no-progress >/dev/null
	@$(BIN)/vakhta assets collect
	@touch $@

# New versions: writes both locks, with hashes and without addresses.
lock: setup
	@$(BIN)/python -m vakhta.cli.locks write
	@bash .ci/npm install --package-lock-only --loglevel=error --no-progress >/dev/null

clean:
	rm -rf .venv node_modules src/vakhta/web/static/vendor var
