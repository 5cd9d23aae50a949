# The only entry points: setup demo run check test docs lock editor
PYTHON ?= python3
PORT ?= 8000
JOBS ?= 2
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
CODE := huiyin demo tests scripts bench

.PHONY: setup dev demo run check test docs lock editor bench

setup: $(VENV)/.runtime  ## the product: .venv/bin/huiyin

$(VENV)/.runtime: requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) --require-hashes -r requirements.txt
	$(PIP) --no-deps -e .
	touch $@

dev: setup $(VENV)/.dev  ## and what tests and checks need

$(VENV)/.dev: requirements-dev.txt
	$(PIP) --require-hashes -r requirements-dev.txt
	touch $@

demo: setup  ## the demo on http://127.0.0.1:$(PORT)/
	HUIYIN_DEMO=1 HUIYIN_DATA=$${HUIYIN_DATA:-data/demo} $(BIN)/huiyin demo --port $(PORT)

run: setup  ## the product as configured by the environment
	$(BIN)/huiyin serve --port $(PORT)

check: dev  ## format, lint, types, layers, migrations, settings, generated docs
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy huiyin demo tests bench
	$(BIN)/lint-imports
	HUIYIN_DEMO=1 HUIYIN_DATA=$${TMPDIR:-/tmp}/huiyin-check $(BIN)/huiyin makemigrations --check --dry-run
	HUIYIN_DATA=$${TMPDIR:-/tmp}/huiyin-check HUIYIN_SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(64))") $(BIN)/huiyin check --deploy --fail-level WARNING
	HUIYIN_DEMO=1 HUIYIN_DATA=$${TMPDIR:-/tmp}/huiyin-check $(BIN)/huiyin docs --check
	$(BIN)/python -m demo.sheet --check

test: dev  ## all tests; PostgreSQL when HUIYIN_DATABASE names one
	$(BIN)/pytest -n $(JOBS) $(ARGS)

docs: setup  ## write the generated pages
	HUIYIN_DEMO=1 HUIYIN_DATA=$${TMPDIR:-/tmp}/huiyin-check $(BIN)/huiyin docs

lock: dev  ## renew requirements*.txt from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --extra postgres --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --no-strip-extras --quiet -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml --extra postgres --group dev --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --no-strip-extras --quiet -o requirements-dev.txt

editor: dev  ## build the draft page's editor; needs Node.js, which nothing else does
	$(BIN)/python scripts/build_editor.py

bench: dev  ## the product beside what one would write by hand; writes docs/performance.md
	$(BIN)/python -m bench.run $(ARGS)
