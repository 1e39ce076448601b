# Two commands are enough on a fresh machine: `make run` and `make test`. The rest is for developers.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: run test setup setup-tests lint messages lock bench soak clean
.DEFAULT_GOAL := run

# Sets up, loads the demo district into an empty database, plans, serves; honours PORT and DATABASE_URL.
run: setup
	@exec $(BIN)/jiafang up

setup:
	@$(PYTHON) tools/setup.py

setup-tests:
	@$(PYTHON) tools/setup.py --tests

# Lints, then every test on SQLite, then on PostgreSQL; ARGS goes to pytest: make test ARGS="-k roster"
test: setup-tests
	@$(BIN)/python tools/test.py $(ARGS)

lint: setup-tests
	@$(BIN)/python tools/test.py --lint-only

# Collects the texts of the pages into the catalogues of src/jiafang/locale.
messages: setup
	@$(BIN)/python tools/messages.py

# Compiles requirements/*.in and package.json into locks with hashes and without addresses.
lock: setup
	@$(BIN)/python tools/lock.py

# Every file in benchmarks/ is a program that prints its own figures; ARGS picks: make bench ARGS=benchmarks/pages.py
bench: setup-tests
	@for file in $(or $(ARGS),$(wildcard benchmarks/bench_*.py)); do echo "── $$file"; $(BIN)/python $$file || exit 1; done

# The long runs: thirty kill -9 while writing, then verify.
soak: setup-tests
	@JIAFANG_KILLS=30 $(BIN)/python -m pytest tests/config/test_kill.py -q $(ARGS)

# Leaves var/ alone: it holds data.
clean:
	rm -rf .venv node_modules static/vendor staticfiles build src/*.egg-info
	rm -rf .pytest_cache .ruff_cache .import_linter_cache .hypothesis test-results
