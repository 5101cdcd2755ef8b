.DEFAULT_GOAL := help
.PHONY: demo test test-oldest lint dist screens mutate bench clean help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OLDEST := .venv-oldest
MUTANTS := $(VENV)/mutants
DIGITS := sample_data/digits
ROWS ?= 5000000
RUNS ?= 5

# A group is installed again only when pyproject.toml changed.
$(VENV)/.%: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable . $(if $(filter-out user,$*),--group $*)
	touch $@

$(OLDEST)/.test: pyproject.toml $(VENV)/.build
	$(BIN)/uv venv --quiet --clear --python 3.11 $(OLDEST)
	$(BIN)/uv pip install --python $(OLDEST) --resolution lowest-direct --editable '.[all]' --group test
	touch $@

demo: $(VENV)/.user ## make .venv, install lossctl and evaluate the sample data
	$(BIN)/lossctl eval $(DIGITS)/preds.csv $(DIGITS)/targets.csv --loss ce

test: $(VENV)/.test ## make .venv with the test tools and run every test
	$(BIN)/python -m compileall -q lossctl
	$(BIN)/python -m pytest --numprocesses=auto

test-oldest: $(OLDEST)/.test ## all but slow ones in .venv-oldest: the lowest versions that are admitted, Python 3.11
	$(OLDEST)/bin/python -m compileall -q lossctl
	$(OLDEST)/bin/python -m pytest --numprocesses=auto -m "not slow"

lint: $(VENV)/.lint ## ruff (rules and layout) and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

dist: $(VENV)/.build ## wheel and sdist; both installed and run in each Python 3.11 to 3.14 found here
	rm -rf dist
	$(BIN)/uv build --quiet
	$(BIN)/python tests/installed.py $(BIN)/uv dist/*.whl dist/*.tar.gz

screens: $(VENV)/.test ## write tests/screens anew: what people see in a terminal
	$(BIN)/python tests/shown.py

mutate: $(VENV)/.mutate ## break the gate in a copy, a place at a time: which tests notice? 10 minutes
	rm -rf $(MUTANTS) && mkdir $(MUTANTS) && cp -R lossctl tests pyproject.toml $(MUTANTS)
	cd $(MUTANTS) && export PATH="$(abspath $(BIN)):$$PATH" \
	&& cosmic-ray init tests/mutation.toml mutants.sqlite \
	&& cr-filter-operators mutants.sqlite tests/mutation.toml \
	&& cosmic-ray baseline tests/mutation.toml \
	&& cosmic-ray exec tests/mutation.toml mutants.sqlite \
	&& cr-report --surviving-only --show-diff mutants.sqlite

bench: $(VENV)/.bench ## lossctl against its peers, then its start-up; ROWS=50000 is quick
	$(BIN)/python benchmarks/compare.py --rows $(ROWS) --runs $(RUNS)
	$(BIN)/python benchmarks/start_up.py

clean: ## remove .venv, .venv-oldest and what tools leave behind
	rm -rf $(VENV) $(OLDEST) dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 13
