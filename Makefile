# Every target sets up what it needs; a new machine wants only Python >= 3.11, git and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help setup generate check test lint types docs docs-browser pictures corpus comparison types-corpus scale bench record clean
.DEFAULT_GOAL := help

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Two stamps: generating needs the tool alone, everything else also what tests and checks need.
$(VENV)/.tool: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $(VENV)/.tool $@

setup: $(VENV)/.dev ## Create .venv with everything that development needs

generate: $(VENV)/.tool ## Write the SDK in generated/ from spec/assistants.yaml
	@$(BIN)/specloom generate

check: $(VENV)/.tool ## Fail, with a diff, if generated/ is not what the description gives
	@$(BIN)/specloom generate --check

test: $(VENV)/.dev ## Run every test, on all processors
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile

lint: $(VENV)/.dev ## Check style and formatting
	@$(BIN)/ruff check .
	@$(BIN)/black --check --quiet generator tests spec/lib docs/site

types: $(VENV)/.dev ## Check types of the generator, the tests and the SDK
	@$(BIN)/mypy generator/specloom
	@$(BIN)/mypy generated/assistants_sdk tests/typing tests/functional/runtime/typed_uses.py
	@$(BIN)/pyright --project pyproject.toml

$(VENV)/.docs: pyproject.toml $(VENV)/.tool
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,docs]'
	@touch $(VENV)/.dev $@

docs: $(VENV)/.docs ## Build the documentation site in .site/html
	@$(BIN)/python docs/site/build.py

docs-browser: docs ## Test the site in headless Chromium (Debian's package chromium, or CHROMIUM=…)
	@$(BIN)/python -m pytest tests/site/browser.py

pictures: $(VENV)/.docs ## Make the pictures in docs/images from what the commands print
	@$(BIN)/python docs/site/pictures.py

CORPUS ?= ../shared/corpus

corpus: $(VENV)/.dev ## Generate and check the SDK of every document in CORPUS=…; ARGS=--call calls them
	@PYTHONPATH=tests $(BIN)/python -m e2e.corpus $(CORPUS) $(ARGS)

comparison: $(VENV)/.dev ## Compare with other generators on CORPUS=…; writes docs/comparison.md and the README's rows
	@PYTHONPATH=tests $(BIN)/python -m e2e.comparison $(CORPUS) $(ARGS)

types-corpus: $(VENV)/.dev ## Check types of the SDKs of ten large documents in CORPUS=…
	@PYTHONPATH=tests $(BIN)/python -m e2e.corpus.ten $(CORPUS)

$(VENV)/.bench: pyproject.toml $(VENV)/.tool
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,bench]'
	@touch $(VENV)/.dev $@

bench: $(VENV)/.bench ## Measure the SDK and the generator beside others; writes docs/benchmarks.md; ARGS="decode stream"
	@PYTHONPATH=tests $(BIN)/python -m bench --corpus $(CORPUS) $(ARGS)

scale: $(VENV)/.bench ## Measure SDKs of up to 5,000 operations, merged of CORPUS=…; writes docs/scale.md
	@PYTHONPATH=tests $(BIN)/python -m e2e.scale $(CORPUS) $(ARGS)

# The servers to record from: Prism needs Node 18 or 20 and npm; each is kept from everything else.
.record/.installed: tests/record/package.json tests/record/package-lock.json tests/record/requirements.txt
	@mkdir -p .record/prism
	@cp tests/record/package.json tests/record/package-lock.json .record/prism/
	npm ci --prefix .record/prism --no-audit --no-fund --loglevel=error
	@test -x .record/fakeai/bin/python || $(PYTHON) -m venv .record/fakeai
	.record/fakeai/bin/python -m pip install --quiet --disable-pip-version-check --requirement tests/record/requirements.txt
	@touch $@

record: $(VENV)/.dev $(if $(BASE_URL),,.record/.installed) ## Record tests/fixtures anew; BASE_URL=… adds a live server's
	@PYTHONPATH=tests:generated $(BIN)/python -m record $(BASE_URL)

clean: ## Remove the environment and all caches
	rm -rf $(VENV) .bench .site .specloom-cache generated/.specloom-cache .comparison .corpus .scale .record .hypothesis .mypy_cache .pytest_cache .ruff_cache
