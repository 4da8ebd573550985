# `make` alone lists what there is.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help run test check contract bench demo-data e2e format messages clean

help:  ## List the commands
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | column -t -s "$$(printf '\t')"

$(VENV)/.run: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Peneira needs Python 3.11 or newer; this is %s. Set PYTHON=/path/to/python3.11" % sys.version.split()[0])'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing packages (first time only: about a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt requirements-s3.txt requirements-mlflow.txt $(VENV)/.run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

run: $(VENV)/.run  ## Start everything: database, queue, data, model, web server (Ctrl-C stops it)
	@$(BIN)/python -m hiring_site.launcher

test: $(VENV)/.dev  ## Run the tests
	@$(BIN)/python -m pytest -n 3 --dist loadscope

e2e: $(VENV)/.dev  ## Run the journeys in a real browser only
	@$(BIN)/python -m pytest -m e2e

check: $(VENV)/.dev  ## Everything a change must pass, tests with coverage included
	@$(BIN)/python -m tests.check

contract: $(VENV)/.dev  ## Ask the whole API with invented requests, by each role (half an hour; EXAMPLES=50)
	@PENEIRA_CONTRACT=$(or $(EXAMPLES),50) $(BIN)/python -m pytest -q tests/hiring_site/test_api_contract.py

bench: $(VENV)/.dev  ## Measure speed and memory (minutes)
	@$(BIN)/python -m benchmarks

demo-data: $(VENV)/.run  ## Generate an invented company and load it
	@$(BIN)/python -m hiring_site.launcher --data-only

format: $(VENV)/.dev  ## Format the code
	@$(BIN)/ruff format -q . && $(BIN)/ruff check -q --fix .

messages: $(VENV)/.dev  ## Collect and compile translations
	@$(BIN)/python manage.py makemessages -l pt_BR --no-obsolete -i var -i .venv -i static/vendor && $(BIN)/python manage.py compilemessages -l pt_BR

clean:  ## Remove the environment and all data of this folder
	rm -rf $(VENV) var
