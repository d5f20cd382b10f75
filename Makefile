# vertex-dr: `make help` lists the verbs.
SHELL := bash
.DEFAULT_GOAL := help
UV := .venv/bin/uv
COMPILE := $(UV) pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.PHONY: help lock

help: ## list the verbs
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

lock: ## compile the pinned requirement files, bundle first
	$(COMPILE) functions/requirements.in -o functions/requirements.txt
	$(COMPILE) -c functions/requirements.txt requirements/development.in -o requirements/development.txt
