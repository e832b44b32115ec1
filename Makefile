# What people do with this repository. `make help` lists it; CONTRIBUTING.md tells more.

VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
PYTEST_ARGS ?=
# What meets the newest Python in `make test`: the runtime on SQLite, and the drivers of servers; `test-all` has it all.
NEWEST_ARGS ?= --dialect sqlite tests/orm tests/sql tests/connections tests/dialects tests/values tests/packaging \
	--ignore=tests/orm/layouts
NEWEST_SERVERS ?= tests/connections
# One worker for each core, and tests of one kind of set-up spread over all of them.
PYTEST := -m pytest -n auto --dist worksteal -q

.DEFAULT_GOAL := help
.PHONY: help venv demo demo-venv test test-all with-servers check docs types-page lint-pages scorecard servers clean
.PHONY: format-check lint mypy pyright layers generated wheel pytest pytest-newest

help:  ## this list
	@grep -E '^[a-z-]+:.*  ## ' $(MAKEFILE_LIST) | sed -E 's/:.*  ## /\t/' | awk -F'\t' '{printf "  make %-10s %s\n", $$1, $$2}'

venv:  ## make .venv with everything for development
	@tools/make_venv.sh $(VENV) dev

demo-venv:
	@tools/make_venv.sh $(VENV) cli,demo,mysql,postgresql

demo: export PYTHONPATH := $(CURDIR)
demo: demo-venv  ## schema to code to database to queries; DATABASE_URL chooses the database (a SQLite file without it)
	$(BIN)/orm generate
	$(BIN)/orm migrate run
	$(BIN)/python examples/seed.py
	$(BIN)/python examples/tour.py
	$(BIN)/python examples/change.py

test: venv  ## all checks, then all tests on real servers
	@$(BIN)/python tools/servers.py run -- $(MAKE) --no-print-directory with-servers

test-all: venv  ## the same with the tests that take long
	@$(BIN)/python tools/servers.py run -- $(MAKE) --no-print-directory with-servers NEWEST_ARGS= NEWEST_SERVERS= PYTEST_ARGS="--long $(PYTEST_ARGS)" ISOMORPH_EXAMPLES=1000 ISOMORPH_FUZZED=100000

with-servers:
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory pytest-newest
	@$(MAKE) --no-print-directory pytest

check: venv  ## formatting, lint, types, layers, generated code, wheel, docs
	@$(MAKE) --no-print-directory --keep-going --output-sync=target -j 2 \
		pyright mypy format-check lint layers generated wheel docs
	@echo "check: all passed"

format-check:
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --check .; exit 1; }

lint:
	@$(BIN)/ruff check --quiet .

mypy:
	@$(BIN)/mypy --no-error-summary

pyright:
	@PYRIGHT_PYTHON_IGNORE_WARNINGS=1 $(BIN)/pyright --project pyproject.toml

layers:
	@$(BIN)/lint-imports

generated:
	@$(BIN)/orm generate --check

wheel:
	@$(BIN)/python tools/wheel_contents.py

docs: venv  ## the documentation as a site, in site/
	@$(BIN)/python tools/types_page.py check
	@$(BIN)/python tools/lint_pages.py check
	@# Not --quiet, which hides warnings from --strict, too.
	@told=$$(NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --site-dir site 2>&1) || { echo "$$told"; exit 1; }

pytest:
	$(BIN)/python $(PYTEST) --scorecard=build/scorecard.json $(PYTEST_ARGS)
	@$(BIN)/python tools/scorecard.py check build/scorecard.json

pytest-newest:
	@newest=$$($(BIN)/python tools/newest_python.py); \
	if [ -z "$$newest" ]; then \
		echo "NOT RUN on a newer Python: this machine has only $$($(BIN)/python --version)"; \
	else \
		version=$$("$$newest" -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
		tools/make_venv.sh ".venv-$$version" dev "$$newest" && \
		echo "on Python $$version:" && \
		ISOMORPH_EXAMPLES=$${ISOMORPH_EXAMPLES:-5} ISOMORPH_FUZZED=$${ISOMORPH_FUZZED:-200} \
		".venv-$$version/bin/python" $(PYTEST) $(NEWEST_ARGS) $(PYTEST_ARGS) && \
		if [ -n "$(NEWEST_SERVERS)" ]; then \
			".venv-$$version/bin/python" $(PYTEST) --dialect postgresql --dialect mysql $(NEWEST_SERVERS) $(PYTEST_ARGS); \
		fi; \
	fi

types-page:  ## renew the tables of docs/reference/types.md from the code
	@$(BIN)/python tools/types_page.py write

lint-pages:  ## renew docs/lint/ from the rules of the linter
	@$(BIN)/python tools/lint_pages.py write

scorecard:  ## renew docs/scorecard.md from the last whole run of the tests
	@$(BIN)/python tools/scorecard.py render build/scorecard.json

servers: venv  ## PostgreSQL and MariaDB for development; prints what to export, stops on Ctrl-C
	@$(BIN)/python tools/servers.py serve

clean:  ## remove what was built (environments stay)
	rm -rf build dist site .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -not -path './.venv*' -prune -exec rm -rf {} +
