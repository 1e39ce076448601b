# Two commands are enough on a fresh machine: `make run` and `make test`. Everything else is for developers.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test setup setup-tests lint messages lock bench soak clean

run: setup
	@$(BIN)/jiafang up

setup:
	@$(PYTHON) tools/setup.py

.DEFAULT_GOAL := run
