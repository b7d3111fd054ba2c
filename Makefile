# Carnation's targets; `make` alone lists them.

PYTHON := .venv/bin/python
# Checks read no database and no key of this machine.
MANAGE := DATABASE_URL=sqlite://:memory: SECRET_KEY=checks-only $(PYTHON) manage.py
DB ?= all
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help install run test chaos lint format check bench screenshots messages clean dev

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: ## Make .venv and .env and install what Carnation runs with
	@scripts/install

run: install ## Run the web server and the scheduler until Ctrl-C
	@$(PYTHON) -m scripts.run

test: ## Run the tests on SQLite, MariaDB and PostgreSQL (DB=sqlite ARGS="-k word" narrow it)
	@scripts/install --mysql requirements-dev.txt
	@$(PYTHON) -m scripts.test "$(DB)" $(ARGS)

chaos: ## Kill nodes, cut connections, stop servers for 60 s on each database (CHAOS_SEED=7 repeats one)
	@scripts/install --mysql requirements-dev.txt
	@CHAOS_SECONDS=60 CHAOS_JOBS=200 $(PYTHON) -m scripts.test "$(DB)" -n 0 -s tests/chaos $(ARGS)

lint: dev ## Check the code: ruff, mypy, import-linter
	@$(PYTHON) -m ruff check
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports

format: dev ## Format the code and mend what ruff can mend
	@$(PYTHON) -m ruff format
	@$(PYTHON) -m ruff check --fix

check: dev ## Everything that must pass before a commit: format, lint, migrations, tests
	@$(PYTHON) -m ruff format --check
	@$(MAKE) --no-print-directory lint
	@$(MANAGE) makemigrations --check --dry-run
	@$(MANAGE) check --fail-level WARNING
	@$(MAKE) --no-print-directory test

bench: ## Run the benchmarks
	@scripts/install --mysql benchmarks/requirements.txt
	@$(PYTHON) -m benchmarks $(ARGS)

screenshots: dev ## Take the screenshots of the documentation
	@scripts/system chromium fonts-noto-cjk
	@$(PYTHON) -m scripts.screenshots $(ARGS)

messages: dev ## Gather what is to be translated, and compile the translations
	@scripts/system gettext
	@$(MANAGE) makemessages -l zh_Hans --no-obsolete --add-location file --ignore '.venv*' --ignore tests --ignore benchmarks
	@sed -i '/^"POT-Creation-Date/d' locale/*/LC_MESSAGES/django.po
	@$(MANAGE) compilemessages -l zh_Hans --ignore '.venv*'

clean: ## Remove the environment and all caches; the database and .env stay
	@rm -rf .venv .venv-celery staticfiles .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

dev:
	@scripts/install requirements-dev.txt
