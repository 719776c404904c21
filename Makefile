# Two commands are enough: `make run` and `make test`. Everything else is a flask command (`flask --app app --help`).
PY   ?= python3
PORT ?= 5000
V    := .venv/bin

export PY

.PHONY: help run test races bench looks

help:  ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-6s %s\n", $$1, $$NF}' Makefile

run: .venv/.run  ## a working commune at http://127.0.0.1:5000 (PORT=…), with demonstration accounts
	@$(V)/flask --app app serve --port $(PORT)

test: .venv/.dev  ## lint, types and the whole suite, on both databases and in a real browser
	$(V)/ruff check .
	$(V)/ruff format --check .
	$(V)/mypy
	$(V)/python -m pytest -q -m "not races" -n 2 --dist loadfile

races: .venv/.dev  ## the long ones: races, kills, big properties, second walks in the browser
	$(V)/python -m pytest -q -m races

bench: .venv/.dev  ## measure, and print the ratios
	$(V)/python -m bench

looks: .venv/.dev  ## photograph every page into contact sheets, and the README its picture
	$(V)/python -m tests.browser.looks
	$(V)/python -m tests.browser.picture

# Each stamp says that its step was done for the file it was made from.
.venv/.packages:
	@.ci/packages run
	@mkdir -p .venv
	@touch $@

.venv/.run: requirements.txt constraints.txt .venv/.packages
	$(PY) -m venv .venv
	$(V)/python -m pip install -q --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.run
	@.ci/packages dev
	$(V)/python -m pip install -q --disable-pip-version-check -r requirements-dev.txt
	@touch $@
