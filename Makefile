# Everything a developer does, verbs first. `make help` prints this list.
# Every target sets up what it needs; nothing is downloaded or built twice.

SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm
NODE_MODULES := vscode-extension/node_modules/.ready
# What checkers called proved in a run of the tests, and the judge that reads it again.
PROVED := build/proved
JUDGED := 12
# One process of tests a core, each with Leans of its own, a file's tests in one of them.
ABREAST := $(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder
JUDGE := PYTHONPATH=tests $(BIN)/python -m judge
E2E := vscode-extension/e2e
E2E_MODULES := $(E2E)/node_modules/.ready

.DEFAULT_GOAL := help
.PHONY: help setup toolchain demo test test-server claimed judged native-lean audit editors test-neovim vsix test-vscode-unit test-vscode test-editors test-fast soak starts lint style types format gpu gpu-bundle bench lock clean

help: ## print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

setup: $(READY) ## make the virtual environment with everything pinned

$(READY): requirements/dev.lock requirements/torch.txt pyproject.toml
	@echo "· Python environment in $(VENV) (once)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Ghostproof needs Python 3.11 or newer; call make PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/torch.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

toolchain: setup ## put the embedded Lean into the user's cache (120 MB download, once)
	@$(BIN)/ghostproof toolchain install > /dev/null

demo: toolchain ## the main job: verified suggestions at every mark of examples/Demo.lean
	@echo "· Lean is started and asked at every sorry of examples/Demo.lean"
	@$(BIN)/ghostproof suggest examples/Demo.lean --checker probe

test: style ## all tests: real Lean, real models, real editors
	@$(MAKE) --no-print-directory --jobs 4 claimed types native-lean editors
	@$(MAKE) --no-print-directory --jobs 2 judged test-editors

test-server: native-lean claimed ## the server and the engine; a native Lean for its tests is installed into the cache
	@$(MAKE) --no-print-directory judged

# Those who need it wait for it.
native-lean: $(READY)
	@PYTHONPATH=tests $(BIN)/python -m native.install_lean

claimed: toolchain
	@rm -rf $(PROVED)
	@$(ABREAST) tests --ignore tests/neovim --proved $(PROVED)

judged: $(READY)
	@echo "· the judge reads again what was called proved, as far as $(JUDGED) files go"
	@$(JUDGE) $(PROVED) --most $(JUDGED)

audit: toolchain ## the corpora, the contract and the goals, and every text called proved in them judged by plain Lean
	@rm -rf $(PROVED)
	@$(ABREAST) tests/adversarial tests/contract tests/judge tests/lean/test_goals.py tests/lean/test_guard.py --proved $(PROVED)
	@$(JUDGE) $(PROVED)

# They are fetched while other tests run.
editors: vsix $(E2E_MODULES) toolchain
	@PYTHONPATH=tests $(BIN)/python -m editors.install_neovim
	@PYTHONPATH=tests $(BIN)/python -m editors.install_code_server > /dev/null

test-editors: test-neovim test-vscode ## the plugin and the extension in the real editors

test-neovim: toolchain ## the plugin in a real Neovim, which is installed into the cache
	@PYTHONPATH=tests $(BIN)/python -m editors.install_neovim
	@$(BIN)/python -m pytest tests/neovim

$(NODE_MODULES): vscode-extension/package-lock.json $(READY)
	@echo "· what the VS Code extension is built with (once)"
	@cd vscode-extension && $(NPM) ci --ignore-scripts --silent --no-audit --no-fund && touch node_modules/.ready

vsix: $(NODE_MODULES) ## package the VS Code extension: vscode-extension/dist/ghostproof.vsix
	@cd vscode-extension && $(NPM) run -s package

test-vscode-unit: vsix toolchain ## the extension's units, and the real server as it asks it
	@cd vscode-extension && $(NPM) run -s lint && $(NPM) test -s

$(E2E_MODULES): $(E2E)/package-lock.json $(READY)
	@cd $(E2E) && $(NPM) ci --ignore-scripts --silent --no-audit --no-fund && touch node_modules/.ready

test-vscode: test-vscode-unit $(E2E_MODULES) ## the packaged extension in a real VS Code, which is installed into the cache
	@cd $(E2E) && $(NPM) run -s check && $(NPM) test -s

test-fast: lint ## the tests that need no Lean
	@$(ABREAST) tests -m "not lean and not slow" --ignore tests/neovim

soak: toolchain ## 1,000 random kills (SOAK_KILLS=n) against running servers, with a table
	@PYTHONPATH=tests $(BIN)/python tests/faults/soak.py

starts: toolchain ## STARTS=500 starts of the embedded Lean side by side: none may hang
	@cd tests && PYTHONPATH=.:../server ../$(BIN)/python -m lean.starts $(or $(STARTS),500)

lint: style types ## ruff and mypy

style: setup
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .

types: setup
	@$(BIN)/mypy

format: setup ## rewrite the Python files in the project's format
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

bench: toolchain ## medians and ratios on this machine, beside the rivals' way
	@$(BIN)/python -m bench

gpu: setup ## the engine on this machine's GPU, with random weights in the full shape; QUICK=--quick takes two minutes
	@mkdir -p build && PYTHONPATH=server $(BIN)/python -m bench.gpu $(QUICK) --json build/gpu.json

gpu-bundle: setup ## build/ghostproof-gpu.tar.gz: the same for a machine that has only torch, triton and transformers
	@mkdir -p build && PYTHONPATH=server $(BIN)/python -m bench.gpu.bundle build/ghostproof-gpu.tar.gz

lock: setup ## pin every dependency anew
	@$(BIN)/python -m piptools compile --quiet --extra dev --extra embedded --extra engine --extra ray \
	  --constraint requirements/torch.txt --unsafe-package torch --generate-hashes --no-header \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras -o requirements/dev.lock \
	  pyproject.toml requirements/kernels.in

clean: ## remove the virtual environment and build output; the embedded Lean stays in the cache
	@rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
