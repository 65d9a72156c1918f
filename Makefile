# The two that matter: `make run` and `make test`. Each makes what it needs, once.
PYTHON := $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: run test lint requirements messages
.DEFAULT_GOAL := run

run: .venv/installed
	@exec $(BIN)/python manage.py up $(UP)

test: .venv/installed-dev
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(TEST)

lint: .venv/installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@VIGIL_MODE=test $(BIN)/mypy
	@if [ -d templates ]; then $(BIN)/djlint --quiet --lint templates; fi
	@VIGIL_MODE=test $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@VIGIL_MODE=production VIGIL_URL=https://vigil.example DATABASE_URL=postgresql://vigil_app@127.0.0.1:1/vigil \
		VIGIL_SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

requirements: .venv/installed-dev
	@$(BIN)/pip-compile --quiet --no-header --no-emit-index-url --no-emit-find-links --generate-hashes --allow-unsafe --strip-extras -o requirements.txt requirements.in
	@$(BIN)/pip-compile --quiet --no-header --no-emit-index-url --no-emit-find-links --generate-hashes --allow-unsafe --strip-extras -o requirements-dev.txt requirements-dev.in

messages: .venv/installed
	@$(BIN)/python manage.py makemessages --locale zh_Hans --no-obsolete --no-wrap --add-location file \
		--ignore '.venv/*' --ignore 'var/*' --ignore 'staticfiles/*' --ignore 'tests/*'

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Vigil needs Python 3.11 or newer; this is $$($(PYTHON) --version)." >&2; exit 2; }
	@echo "Making .venv …"
	@$(PYTHON) -m venv .venv

.venv/installed: requirements.txt | .venv/bin/python
	@echo "Installing what Vigil runs on …"
	@$(PIP) -r requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt .venv/installed
	@echo "Installing what tests and lint need …"
	@$(PIP) -r requirements-dev.txt
	@touch $@
