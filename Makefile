# vertex-dr: `make help` lists the verbs.
SHELL := bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
unexport PYTHONDONTWRITEBYTECODE
export LOCALCLOUD_CACHE_DIR := $(CURDIR)/build/localcloud

BIN := .venv/bin
UV := $(BIN)/uv
COMPILE := $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
PYTEST_ARGS ?=

-include make/*.mk

.PHONY: help setup drill test check format package bench provider-parity lock clean

help: ## list the verbs
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

setup: ## make .venv and everything the drill needs under build/
	@scripts/setup

drill: setup ## lose a region and show that predictions go on; SABOTAGE=<name> breaks one thing on purpose
	@$(BIN)/vertex-dr drill $(if $(SABOTAGE),--sabotage $(SABOTAGE))

test: setup ## run every test, the sabotaged drills included
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

check: setup ## formatting, lint, types, layers, spelling, Terraform formatting, generated docs
	@scripts/check

format: setup ## rewrite the sources as the checks want them
	@$(BIN)/ruff check --fix --quiet && $(BIN)/ruff format --quiet && terraform fmt -recursive terraform preflight/declared

package: setup ## zip functions/ as it is into build/bundle.zip
	@scripts/package

bench: setup ## measure start-up, latency and throughput side by side, and print ratios
	@$(BIN)/python -m bench

provider-parity: setup ## compare the stand-in provider with the real one: REAL_PROVIDER=/path/to/terraform-provider-google
	@$(BIN)/python -m localcloud.terraform_provider.parity

lock: ## compile the pinned requirement files, the bundle's first
	$(COMPILE) functions/requirements.in -o functions/requirements.txt
	$(COMPILE) -c functions/requirements.txt requirements/development.in -o requirements/development.txt
	$(COMPILE) -c requirements/development.txt examples/diagnosis/serving/requirements.in -o examples/diagnosis/serving/requirements.txt
	$(COMPILE) localcloud/runtime/serving/sklearn/requirements.in -o localcloud/runtime/serving/sklearn/requirements.txt
	$(COMPILE) requirements/pipelines.in -o requirements/pipelines.txt
	$(COMPILE) -c requirements/development.txt requirements/bootstrap.in -o requirements/bootstrap.txt

clean: ## remove everything that set-up and runs have made
	rm -rf build .venv
