# 智慧洪蓝 (Honglan Board). `make` alone: lint, then everything that is tested quickly.
PYTHON ?=
VENV := .venv
PY := $(VENV)/bin/python
SHELL := /bin/sh
.DEFAULT_GOAL := check

$(VENV)/.runtime: requirements.txt
	@sh deploy/venv.sh "$(PYTHON)" $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.development: $(VENV)/.runtime requirements-dev.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check --upgrade --no-deps --target $(VENV)/duckdb-1.5.6 duckdb==1.5.6
	@$(PY) -m pip install --quiet --disable-pip-version-check --upgrade --no-deps --no-compile --target $(VENV)/pandas pandas==3.1.1
	@touch $@

.PHONY: install run test packages faults soak pictures lint bench fix cert docs report check help

install: $(VENV)/.runtime ## Make .venv and install the pinned runtime packages

run: install ## Start everything on this machine: demo town, ETL, web; prints address and first credentials
	@$(PY) -m deploy run

test: $(VENV)/.development packages ## Install what tests need (browser included) and run them all
	@$(PY) -m tests

packages: ## Install the Debian packages that tests need
	@sh deploy/packages.sh chromium poppler-utils postgresql mariadb-server mosquitto strace nginx-light libnss3-tools xvfb openbox xdotool x11-xserver-utils curl

faults: $(VENV)/.development ## Pull things away for long: 2,000 kills, every failing system call (hours)
	@sh deploy/packages.sh chromium postgresql mariadb-server mosquitto strace
	@HONGLAN_LONG=1 $(PY) -m pytest -rs -m fault

soak: $(VENV)/.development ## A day of the wall in an hour: memory, nodes, listeners, loops after reloads
	@sh deploy/packages.sh chromium
	@$(PY) -m tests.soak

pictures: $(VENV)/.development ## Every scene on every wall as a picture in docs/wall
	@sh deploy/packages.sh chromium
	@$(PY) -m tests.pictures

lint: $(VENV)/.development ## Style, types and import rules, without running anything
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy config warehouse etl cases layouts dashboard demo deploy

check: lint ## Lint, then the tests that need no browser and no long run
	@$(PY) -m pytest -m "not browser and not slow and not fault"

bench: $(VENV)/.development ## Print the figures of design section 13
	@sh deploy/packages.sh chromium postgresql mariadb-server mosquitto
	@$(PY) -m benchmarks

fix: $(VENV)/.development ## Let ruff sort imports, mend what it can and format
	@$(PY) -m ruff check --fix --quiet . || true
	@$(PY) -m ruff format --quiet .

cert: install ## A CA and a server certificate for HOSTS="name address …" into var/tls
	@$(PY) -m deploy cert $${HONGLAN_VAR:-var}/tls $(HOSTS)

docs: install ## Write the generated documents (metrics, platforms) anew
	@$(PY) -m deploy docs

report: install ## Weekly report of PERIOD (default: last week) as DOCX, PDF and XLSX into out/
	@$(PY) -m dashboard report --period "$${PERIOD:-$$($(PY) -m deploy last-week)}" --kind weekly --format docx,pdf,xlsx --out out

help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
