# Everything a developer or an operator types. `make` alone prints this list.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
CATALOGUES := $(wildcard portal/translations/*/LC_MESSAGES/messages.po)
COMPILED := $(CATALOGUES:.po=.mo)
NAME ?= change
WORKERS ?= 2

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run demo test check lint format bench migration translations site clean browser

help:  ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.run $(COMPILED)  ## The portal on http://127.0.0.1:8000, with its data in var/
	@$(BIN)/portal serve

demo: $(VENV)/.run $(COMPILED)  ## The same with a filled workspace in var-demo/; prints who can sign in
	@PORTAL_DATA=var-demo MAIL_URL= $(BIN)/portal demo
	@PORTAL_DATA=var-demo MAIL_URL= $(BIN)/portal serve

test: $(VENV)/.test $(COMPILED) browser  ## All tests: unit, HTTP, SQLite, PostgreSQL, Chromium
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile

check: lint  ## Lint and the fast tests (SQLite, no browser), under a minute
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile -m "not slow and not browser" -k "not postgresql"

lint: $(VENV)/.test $(COMPILED)  ## Style, formatting and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: $(VENV)/.test  ## Put the code into its form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/.test $(COMPILED)  ## How fast it is beside plain SQL and plain files, in one run
	@$(BIN)/python -m bench

migration: $(VENV)/.test  ## Write a migration for what changed in the models: make migration NAME=what_is_new
	@$(BIN)/python -m portal.operation.migration_writer $(NAME)

translations: $(VENV)/.test  ## Collect new texts into the Swedish and Finnish catalogues
	@$(BIN)/pybabel -q extract -F babel.cfg -k _ -k N_ -k ngettext:1,2 --no-location --sort-output \
		--project=partner-portal -o portal/translations/messages.pot .
	@for language in sv fi; do \
		file=portal/translations/$$language/LC_MESSAGES/messages.po; \
		if [ -f $$file ]; then \
			$(BIN)/pybabel -q update --no-fuzzy-matching --omit-header -l $$language -i portal/translations/messages.pot -o $$file; \
		else \
			$(BIN)/pybabel -q init -l $$language -i portal/translations/messages.pot -o $$file; \
		fi; \
		echo "$$language: $$($(BIN)/python -m portal.operation.catalogues $$file)"; \
	done

site: $(VENV)/.run $(COMPILED)  ## Draw the example partner pages into build/, without a database
	@$(BIN)/python -m bench.example_site build

clean:  ## Remove what was built; data in var/ stays
	@rm -rf $(VENV) build *.egg-info .pytest_cache .ruff_cache .mypy_cache .hypothesis
	@find portal site_build tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
	@find portal -name '*.mo' -delete

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "The portal needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 …"; exit 1; }
	@echo "Making an environment in $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/pyvenv.cfg requirements.lock pyproject.toml
	@echo "Installing what the portal needs …"
	@$(PIP) install -qq --progress-bar on --require-hashes -r requirements.lock
	@$(PIP) install -qq --no-deps -e .
	@touch $@

$(VENV)/.test: $(VENV)/.run tests/requirements.lock
	@echo "Installing what the tests need …"
	@$(PIP) install -qq --progress-bar on --require-hashes -r tests/requirements.lock
	@touch $@

%.mo: %.po $(VENV)/.run
	@$(BIN)/pybabel -q compile -i $< -o $@

# The tests look for Chromium on PATH themselves; this only tries to put it there.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
		{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "Installing Chromium …" && \
		  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; } || \
		echo "No Chromium and no way to install it: the browser tests will be skipped."
