# What people do with this repository. `make help` lists it; CONTRIBUTING.md tells more.

VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin
PYTEST_ARGS ?=
# What meets the newest Python in `make test`: the runtime on SQLite, and the drivers of servers; `test-all` has it all.
NEWEST_ARGS ?= --dialect sqlite tests/orm tests/sql tests/connections tests/dialects tests/values tests/packaging \
	--ignore=tests/orm/layouts
NEWEST_SERVERS ?= tests/connections
# What meets the client libraries beside the usual ones, each on its dialect.
DRIVERS_ARGS ?= tests/connections/test_sessions.py tests/connections/test_streams.py \
	tests/connections/test_transactions.py tests/orm/test_find.py tests/orm/test_save.py tests/values/test_ranges.py
# One worker for each core, and tests of one kind of set-up spread over all of them.
PYTEST := -m pytest -n auto --dist worksteal -q

.DEFAULT_GOAL := help
.PHONY: help venv bench demo demo-venv test test-all with-servers check docs types-page lint-pages scorecard servers clean
.PHONY: instructions format-check lint mypy pyright layers generated wheel pytest pytest-newest pytest-drivers

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
	@$(BIN)/python tools/servers.py run -- $(MAKE) --no-print-directory with-servers NEWEST_ARGS= NEWEST_SERVERS= DRIVERS_ARGS="tests/connections tests/orm tests/sql tests/values" PYTEST_ARGS="--long $(PYTEST_ARGS)" ISOMORPH_EXAMPLES=1000 ISOMORPH_FUZZED=100000

with-servers:
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory pytest-newest
	@$(MAKE) --no-print-directory pytest-drivers
	@$(MAKE) --no-print-directory pytest

check: venv  ## formatting, lint, types, layers, generated code, wheel, docs, instructions of hot loops
	@$(MAKE) --no-print-directory --keep-going --output-sync=target -j 2 \
		pyright mypy instructions format-check lint layers generated wheel docs
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
	@$(BIN)/orm generate --check --schema benchmarks/schema.toml

wheel:
	@$(BIN)/python tools/wheel_contents.py

instructions:  ## count the instructions of hot loops; INSTRUCTIONS=--write holds later runs to those of today
	@tools/valgrind.sh
	@$(BIN)/python -m benchmarks.instructions $(INSTRUCTIONS)

docs: venv  ## the documentation as a site, in site/
	@$(BIN)/python tools/types_page.py check
	@$(BIN)/python tools/lint_pages.py check
	@# Not --quiet, which hides warnings from --strict, too.
	@told=$$(NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --site-dir site 2>&1) || { echo "$$told"; exit 1; }

pytest:
	$(BIN)/python $(PYTEST) --scorecard=build/scorecard.json $(PYTEST_ARGS)
	@$(BIN)/python tools/scorecard.py check build/scorecard.json

pytest-drivers:
	@for driver in mysqlclient apsw; do \
		echo "through $$driver:" && \
		$(BIN)/python $(PYTEST) --driver $$driver $(DRIVERS_ARGS) $(PYTEST_ARGS) || exit 1; \
	done

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

bench:  ## isomorph beside hand-written code and its peers; BENCH_ARGS="--only narrow --peers none" and the like
	@tools/make_venv.sh .venv-bench bench
	@.venv-bench/bin/python tools/servers.py run -- .venv-bench/bin/python -m benchmarks $(BENCH_ARGS)

servers: venv  ## PostgreSQL and MariaDB for development; prints what to export, stops on Ctrl-C
	@$(BIN)/python tools/servers.py serve

clean:  ## remove what was built (environments stay)
	rm -rf build dist site .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -not -path './.venv*' -prune -exec rm -rf {} +
