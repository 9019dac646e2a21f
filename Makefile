# Every target sets up what it needs; a new machine wants only Python >= 3.11, git and make.
PYTHON ?= python3
VENV ?= .venv
# The versions to install: pip obeys this file for the project and for what builds it. Empty: the
# newest versions that pyproject.toml allows.
LOCK ?= requirements.lock
# Hundreds of short processes run: without byte code, each compiles the generator again.
unexport PYTHONDONTWRITEBYTECODE
BIN := $(VENV)/bin
PIP := $(if $(LOCK),PIP_CONSTRAINT=$(LOCK) PIP_BUILD_CONSTRAINT=$(LOCK)) $(BIN)/python -m pip \
  install --quiet --disable-pip-version-check $(if $(LOCK),,--upgrade --upgrade-strategy eager)

.PHONY: help setup generate check test quick hostile test-newest lock lint types docs docs-browser pictures \
  adoption corpus comparison types-corpus scale bench fixtures record clean
.DEFAULT_GOAL := help

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Installs the project with the extras $(1). Where that fails in an environment that is new, the
# environment is removed: half of one would be in the way of the next try.
define install
@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
  echo "specloom needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
@new=; test -d $(VENV) || new=yes; trap : INT TERM; \
  { $(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv $(VENV); } && \
  $(PIP) --editable '.$(1)' || { test -z "$$new" || rm -rf $(VENV); exit 2; }
@touch $@
endef

# Each stamp says which extras are installed: generating needs the tool alone.
$(VENV)/.tool: pyproject.toml $(LOCK)
	$(call install,)

$(VENV)/.dev: pyproject.toml $(LOCK)
	$(call install,[dev])
	@touch $(VENV)/.tool

$(VENV)/.docs: $(VENV)/.dev
	$(call install,[dev$(COMMA)docs])

$(VENV)/.bench: $(VENV)/.dev
	$(call install,[dev$(COMMA)bench])

$(VENV)/.lock: $(VENV)/.dev
	$(call install,[dev$(COMMA)lock])

COMMA := ,

setup: $(VENV)/.dev ## Create .venv with everything that development needs

generate: $(VENV)/.tool ## Write the SDK in generated/ from spec/assistants.yaml
	@$(BIN)/specloom generate

check: $(VENV)/.tool ## Fail, with a diff, if generated/ is not what the description gives
	@$(BIN)/specloom generate --check

test: $(VENV)/.dev ## Run every test, on all processors: 5 to 15 minutes on two
	@echo "All tests, without a network: 5 to 15 minutes on two processors. While working: make quick"
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile

quick: $(VENV)/.dev ## Run the fast tests: about a minute on two processors
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile -m 'not slow' \
	  tests/unit tests/client tests/golden tests/docs

test-newest: ## Run every test with the newest versions that pyproject.toml allows
	@$(MAKE) --no-print-directory test VENV=.venv-newest LOCK=

lock: $(VENV)/.lock ## Renew requirements.lock: the newest versions that pyproject.toml allows
	@$(BIN)/uv pip compile pyproject.toml --universal --all-extras --upgrade --quiet \
	  --no-header --no-annotate --output-file requirements.lock

lint: $(VENV)/.dev ## Check style and formatting
	@$(BIN)/ruff check .
	@$(BIN)/black --check --quiet generator tests spec/lib docs/site

types: $(VENV)/.dev ## Check types of the generator, the tests and the SDK
	@$(BIN)/mypy generator/specloom
	@$(BIN)/mypy generated/assistants_sdk tests/typing tests/functional/runtime/typed_uses.py
	@$(BIN)/pyright --project pyproject.toml

docs: $(VENV)/.docs ## Build the documentation site in .site/html
	@$(BIN)/python docs/site/build.py

docs-browser: docs ## Test the site in headless Chromium (Debian's package chromium, or CHROMIUM=…)
	@$(BIN)/python -m pytest tests/site/browser.py

pictures: $(VENV)/.docs ## Draw the picture of the stages in docs/images
	@$(BIN)/python docs/site/pictures.py

CORPUS ?= ../shared/corpus

hostile: $(VENV)/.dev ## Run the hostile suites: servers, signals, forks, loops; loopback only, about a minute
	@HOSTILE_SEEDS=5 $(BIN)/python -m pytest tests/functional/runtime tests/functional/scalars \
	  tests/functional/wire_names tests/unit/runtime

corpus: $(VENV)/.dev ## Generate and check the SDK of every document in CORPUS=…; ARGS=--call calls them
	@PYTHONPATH=tests $(BIN)/python -m e2e.corpus $(CORPUS) $(ARGS)

comparison: $(VENV)/.dev ## Compare with other generators on CORPUS=…; writes docs/comparison.md and the README's rows
	@PYTHONPATH=tests $(BIN)/python -m e2e.comparison $(CORPUS) $(ARGS)

DESCRIPTIONS ?= ../shared/surface/descriptions

adoption: $(VENV)/.dev ## Take over published SDKs by DESCRIPTIONS=…, and prove it; writes docs/adoption.md; needs a network
	@PYTHONPATH=tests $(BIN)/python -m e2e.adoption $(DESCRIPTIONS) $(ARGS)

types-corpus: $(VENV)/.dev ## Check types of the SDKs of ten large documents in CORPUS=…
	@PYTHONPATH=tests $(BIN)/python -m e2e.corpus.ten $(CORPUS)

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

fixtures: $(VENV)/.dev ## Write a fixture for each operation that has none, from its examples and schemas
	@PYTHONPATH=tests:generated $(BIN)/python -m record --described

record: $(VENV)/.dev $(if $(BASE_URL),,.record/.installed) ## Record tests/fixtures anew; BASE_URL=… adds a live server's
	@PYTHONPATH=tests:generated $(BIN)/python -m record $(BASE_URL)

clean: ## Remove the environment and all caches
	rm -rf .venv .venv-newest .bench .site .adoption .specloom-cache generated/.specloom-cache .comparison .corpus .scale .record .hypothesis .mypy_cache .pytest_cache .ruff_cache
