.DEFAULT_GOAL := help
.PHONY: demo test test-oldest oracles native-check lint dist screens mutate bench clean help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OLDEST := .venv-oldest
MUTANTS := $(VENV)/mutants
PLAIN := lossctl/tables/text/plain
DIGITS := sample_data/digits
WITHOUT_COMPILER := rm -rf build; CC=false CXX=false $(BIN)/uv pip install --quiet --python $(OLDEST)
ROWS ?= 5000000
MINUTES ?= 30
RUNS ?= 5

# A group is installed again only when pyproject.toml or what is compiled changed.
$(VENV)/.%: pyproject.toml $(PLAIN).cpp
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --editable . $(if $(filter-out user,$*),--group $*)
	touch $@

# Not editable, and as where there is no compiler: there the readers in Python do all the work.
$(OLDEST)/.test: pyproject.toml $(VENV)/.build
	$(BIN)/uv venv --quiet --clear --python 3.11 $(OLDEST)
	$(WITHOUT_COMPILER) --resolution lowest-direct '.[all]' --group test
	touch $@

demo: $(VENV)/.user ## make .venv, install lossctl and evaluate the sample data
	$(BIN)/lossctl eval $(DIGITS)/preds.csv $(DIGITS)/targets.csv --loss ce

test: $(VENV)/.test ## make .venv with the test tools and run every test
	$(BIN)/python -m compileall -q lossctl
	$(BIN)/python -m pytest --numprocesses=auto

test-oldest: $(OLDEST)/.test ## all but slow ones in .venv-oldest: Python 3.11, the lowest versions, no compiler
	$(WITHOUT_COMPILER) --reinstall-package lossctl --no-deps .
	$(OLDEST)/bin/python -m compileall -q $(OLDEST)/lib/python3.11/site-packages/lossctl
	$(OLDEST)/bin/lossctl --version | grep pandas
	$(OLDEST)/bin/pytest --numprocesses=auto -m "not slow"

oracles: $(VENV)/.oracles ## write tests/oracles.json anew: what torch and optax compute
	$(BIN)/python tests/write_oracles.py

native-check: $(VENV)/.test ## the parser in C++ with sanitisers: its tests, then MINUTES of fuzzing
	rm -rf $(VENV)/sanitised && mkdir $(VENV)/sanitised && cp -R lossctl $(VENV)/sanitised
	$(CXX) -std=c++17 -g -O1 -Wall -Wextra -Werror -fsanitize=address,undefined -fno-sanitize-recover=all \
	  -shared -fPIC -I$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("include"))') \
	  $(PLAIN).cpp -o $(VENV)/sanitised/$(PLAIN).abi3.so
	export PYTHONPATH=$(abspath $(VENV))/sanitised PYTHONMALLOC=malloc ASAN_OPTIONS=detect_leaks=0 \
	  LD_PRELOAD="$$($(CXX) -print-file-name=libasan.so) $$($(CXX) -print-file-name=libstdc++.so)" \
	&& $(BIN)/pytest tests/tables/test_native.py tests/tables/test_tables.py tests/tables/test_lines.py \
	&& $(BIN)/python fuzz/plain.py --minutes $(MINUTES)

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
	rm -rf $(VENV) $(OLDEST) build dist $(PLAIN).*.so .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 13
