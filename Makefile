# Works on a machine that has Python >= 3.11, make and a package index. `make help` lists the targets.
.DEFAULT_GOAL := help
.PHONY: help demo test slow lint bench packs docs locks clean
export UV_PYTHON_DOWNLOADS := never
PYTHON ?= python3
UV = .venv/bin/uv
PIP = $(UV) pip
WORKERS = -n 3 --dist loadfile # a file's fixtures are made once; one more than cores, as servers and browsers are waited for
PAGE = hatch_build.py $(wildcard web/*.*) $(shell find web/src web/public -type f) # what the page of the workbench is built from
UNBUILT = test -e src/zizhu/web/dist/index.html || echo 'without the page of the workbench (npm gave no packages); all else works' >&2
LOCKS = requirements/run.lock requirements/dev.lock requirements/bench.lock

help:
	@sed -n 's/^\([a-z]*\):.*## /\1  /p' $(MAKEFILE_LIST) | column -t -l 2 2>/dev/null || true

demo: .venv/.run ## set up and write a sourced brief on the built-in data
	@.venv/bin/zizhu demo

# Tests start the command hundreds of times: without compiled modules each start compiles them anew.
test slow: export PYTHONDONTWRITEBYTECODE =

test: .venv/.dev ## set up and run the tests (minutes)
	@.venv/bin/python -m pytest $(WORKERS)

slow: .venv/.dev ## run the slow tests, and those of properties on more examples
	@HYPOTHESIS_PROFILE=thorough .venv/bin/python -m pytest $(WORKERS) -m 'slow or hypothesis'

lint: .venv/.dev ## style, types and the six floors
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/lint-imports && .venv/bin/python tools/check_page.py

bench: .venv-bench/.done ## speed and memory as ratios against a peer or the machine
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 .venv-bench/bin/python benchmarks/run.py

packs: .venv/.dev ## rebuild the built-in tables from the pinned wheels
	@.venv/bin/python tools/build_packs.py

docs: .venv/.dev ## write the page of every source from the catalogue
	@.venv/bin/python tools/source_pages.py

locks: .venv/bin/uv ## renew the locks (hashes, no addresses)
	@$(PIP) compile -q --upgrade --universal --generate-hashes --no-header pyproject.toml --extra web -o requirements/run.lock
	@$(PIP) compile -q --upgrade --universal --generate-hashes --no-header pyproject.toml --group dev -o requirements/dev.lock
	@$(PIP) compile -q --upgrade --universal --generate-hashes --no-header pyproject.toml --group bench -o requirements/bench.lock

clean: ## remove environments and caches
	@rm -rf .venv .venv-bench .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist src/zizhu/web/dist web/node_modules

.venv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Python >= 3.11 needed' >&2; exit 1; }
	@rm -rf .venv; if $(PYTHON) -c 'import ensurepip' 2>/dev/null; then $(PYTHON) -m venv .venv; \
	elif $(PYTHON) -m pip --version >/dev/null 2>&1; then $(PYTHON) -m venv --without-pip .venv; \
	else echo 'install python3-venv (or pip) first' >&2; exit 1; fi
	@$$(test -x .venv/bin/pip && echo .venv/bin/python -m pip || echo $(PYTHON) -m pip --python .venv/bin/python) install -q 'uv>=0.9'

# The development environment contains the run-time one, so `make demo` after `make test` changes nothing.
.venv/.run: requirements/run.lock pyproject.toml $(PAGE) | .venv/bin/uv
	@test -e .venv/.dev || $(PIP) sync -q --python .venv/bin/python requirements/run.lock
	@$(PIP) install -q --python .venv/bin/python --no-deps -e .
	@$(UNBUILT)
	@touch $@

.venv/.dev: requirements/dev.lock pyproject.toml $(PAGE) | .venv/bin/uv
	@$(PIP) sync -q --python .venv/bin/python requirements/dev.lock
	@$(PIP) install -q --python .venv/bin/python --no-deps -e .
	@$(UNBUILT)
	@touch $@ .venv/.run

.venv-bench/.done: requirements/bench.lock pyproject.toml | .venv/bin/uv
	@$(UV) venv -q --python .venv/bin/python --clear .venv-bench
	@$(PIP) sync -q --python .venv-bench/bin/python requirements/bench.lock
	@$(PIP) install -q --python .venv-bench/bin/python --no-deps -e .
	@touch $@
