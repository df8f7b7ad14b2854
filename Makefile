PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONDONTWRITEBYTECODE := # rewriting the tests' asserts and compiling everything anew takes 8 s a process

.DEFAULT_GOAL := help
.PHONY: help setup demo serve console console-dev check-web test-console screenshots pictures bench-console test test-postgres test-large test-all test-random lint audit answers bench fuzz mutants soak bundle test-bundle readme reference constraints hooks clean

help: ## this list
	@sed -En 's/^([a-z-]+):.*## (.*)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

setup: $(STAMP) ## make .venv with everything pinned

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable . --group dev
	touch $@

$(VENV)/.group-%: $(STAMP)
	$(BIN)/python -m pip install --quiet --group $*
	touch $@

demo: $(STAMP) ## two platforms, one package, the whole trip
	$(BIN)/jobferry demo

serve: $(STAMP) ## a platform on loopback, in ./data, with its console
	@test -f $(CONSOLE) || $(MAKE) --silent console || echo "the console cannot be built here; serving without it"
	$(BIN)/jobferry serve --data data

CONSOLE := src/jobferry/console/index.html
WEB := $(shell find web -name node_modules -prune -o -name build -prune -o -type f -print) $(shell find docs -name '*.md' -o -name '*.webp')
HAS_NODE := $(shell node -e 'const [a, b] = process.versions.node.split("."); if (a > 20 || (a == 20 && b >= 19)) console.log("yes")' 2>/dev/null)
NODE := $(if $(HAS_NODE),$(STAMP),$(VENV)/.group-node)
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix web

console: $(CONSOLE) ## build the console, by this machine's Node or the one that PyPI has

web/node_modules/.ready: $(NODE) web/package-lock.json
	$(NPM) ci --loglevel=error --no-progress
	touch $@

web/build/schema.d.ts: web/node_modules/.ready $(shell find src/jobferry/api src/jobferry/model -name '*.py')
	mkdir -p web/build
	$(BIN)/python -m jobferry.api.native.description > web/build/openapi.json
	$(NPM) run --silent types

$(CONSOLE): web/build/schema.d.ts $(WEB)
	@echo "building the console"
	$(NPM) run --silent build

console-dev: web/build/schema.d.ts ## the console, reloaded as it is edited, against the platform at JOBFERRY_SERVER
	$(NPM) run dev

check-web: web/build/.checked ## the console's types, lint and component tests

web/build/.checked: web/build/schema.d.ts $(WEB)
	$(NPM) run --silent check
	$(NPM) test --silent
	touch $@

# a browser: the one that is named, one of this machine, else Debian's
BROWSER = test -n "$$JOBFERRY_BROWSER" || command -v chromium-headless-shell > /dev/null || \
	{ test "$$(id -u)" = 0 && apt-get -qq update && apt-get -qq install --yes chromium-headless-shell > /dev/null; } || \
	command -v chromium > /dev/null || command -v google-chrome > /dev/null || \
	{ echo "there is no browser: set JOBFERRY_BROWSER, or install chromium" >&2; exit 1; }

# letters for Chinese pages: those of this machine, else Debian's
CHINESE = ! command -v fc-list > /dev/null || test -n "$$(fc-list :lang=zh)" || \
	{ test "$$(id -u)" = 0 && apt-get -qq update && apt-get -qq install --yes --no-install-recommends fonts-noto-cjk > /dev/null; } || \
	{ echo "there is no font for Chinese: install fonts-noto-cjk" >&2; exit 1; }

screenshots: $(CONSOLE) $(VENV)/.group-browser ## pictures of every page into build/screenshots: two widths, both languages, light and dark (ONLY=piece)
	@$(BROWSER)
	@$(CHINESE)
	PYTHONPATH=tests $(BIN)/python -m console.screenshots build/screenshots $(ONLY)

pictures: $(CONSOLE) $(VENV)/.group-browser ## the pictures of the console that the documentation shows, into docs/pictures
	@$(BROWSER)
	@$(CHINESE)
	PYTHONPATH=tests $(BIN)/python -m console.pictures docs/pictures

bench-console: $(CONSOLE) $(VENV)/.group-browser ## how soon pages of the console are shown, answer and scroll, with 10,000 jobs (BENCH_JOBS, BENCH_RUNS)
	@$(BROWSER)
	PYTHONPATH=tests $(BIN)/python -m console.speed

# tests make thousands of folders and flush each change in them: where there is room in memory, they lie there
MEMORY := $(shell test "$$(df --output=avail -k /dev/shm 2> /dev/null | tail -1)" -gt 4000000 2> /dev/null && echo /dev/shm)
CORES := $(shell cores=$$(nproc 2> /dev/null || echo 2); echo $$((cores < 8 ? cores : 8)))
WORKERS = $(CORES)
PYTEST = $(if $(MEMORY),TMPDIR=$(MEMORY)) $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal

# tests that often wait for processes have one worker more than there are cores; a browser keeps its core busy
test test-postgres test-large test-random: WORKERS = $(shell echo $$(($(CORES) + 1)))

# the gate (.ci/run) leaves out tests that are marked large, and on PostgreSQL some folders; ALL=1 does not
GATE := $(if $(ALL),,not large)

test: $(STAMP) ## every test of the gate that needs no browser
	$(PYTEST) -m "not large"

test-console: $(CONSOLE) web/build/.checked $(VENV)/.group-browser ## the console's types, lint and tests, and its pages in a real browser
	@$(BROWSER)
	$(PYTEST) -m "$(GATE)" --override-ini 'python_files=browser_*.py' tests/console

# what PostgreSQL alone can refuse: each writing use case, what locks and isolates, backups, upgrades. The gate finds
# faults in permissions, decoding and error forms (all above the store) and in the other commands (the same calls) on SQLite
ABOVE_STORE := $(addprefix tests/contract/api/test_,schema.py codes.py languages.py routes.py console.py factory_bodies.py \
	all_faults.py own_errors.py)
POSTGRES := $(addprefix tests/contract/,editing reviews kinds changes) tests/recorded \
	$(addprefix tests/property/test_,trip.py http.py nodes.py increments.py) $(addprefix tests/e2e/,platform factory races) \
	$(if $(ALL),tests/contract/api tests/contract/rights tests/contract/files/test_signed_service.py tests/e2e/cli,\
	$(filter-out $(ABOVE_STORE),$(wildcard tests/contract/api/test_*.py)) $(wildcard tests/e2e/cli/test_backups*.py) $(addprefix tests/e2e/cli/test_,upgrading.py doctor.py logs.py trip.py))

test-postgres: $(STAMP) $(if $(ALL),$(VENV)/.group-s3) ## tests of platforms, each platform in a PostgreSQL database of its own
	TESTS_ON=postgresql $(PYTEST) -m "$(if $(GATE),$(GATE) and )not sqlite" $(POSTGRES)

# what documents and units are tried with: that of this machine, else Debian's
TOOLS = missing=""; for tool in nginx caddy zip openssl curl systemd-analyze:systemd; do \
	command -v "$${tool%%:*}" > /dev/null || missing="$$missing $${tool\#\#*:}"; done; test -z "$$missing" || \
	{ test "$$(id -u)" = 0 && apt-get -qq update && apt-get -qq install --yes --no-install-recommends $$missing > /dev/null; } || \
	{ echo "there are programs missing; install$$missing" >&2; exit 1; }

test-large: $(STAMP) $(VENV)/.group-s3 ## what is large by nature, and properties on all their examples
	@$(TOOLS)
	$(PYTEST) -m "large or sampled" --hypothesis-profile=whole

test-all: ## the gate and everything that it leaves out, before an issue counts as resolved
	$(MAKE) lint test test-large
	$(MAKE) test-console test-postgres ALL=1

test-random: $(STAMP) ## make test in another order each time (SEED repeats one)
	$(PYTEST) -m "not large" -p randomly $(if $(SEED),--randomly-seed=$(SEED))

lint: $(STAMP) ## formatting, types, who may import whom
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

audit: $(VENV)/.group-audit $(NODE) ## known faults of the dependencies, as far as a feed of them can be reached
	PATH="$(CURDIR)/$(BIN):$$PATH" PYTHONPATH=tests $(BIN)/python -m audit

readme: $(STAMP) ## put the demo's real output into the READMEs
	PYTHONPATH=tests $(BIN)/python -m readme

reference: $(STAMP) ## fill docs/reference/settings.md and findings.md
	PYTHONPATH=tests $(BIN)/python -m reference

answers: $(STAMP) ## record anew what a platform answers about the recorded packages
	PYTHONPATH=tests $(BIN)/python -m recorded

bench: $(STAMP) ## measure against the floor, in one run
	PYTHONPATH=tests $(BIN)/python -m bench

fuzz: $(STAMP) ## FUZZ_SECONDS (600) of fuzzing what reads foreign bytes
	-$(BIN)/python -m pip install --quiet --only-binary atheris --group fuzz
	PYTHONPATH=tests $(BIN)/python -m fuzz

mutants: $(VENV)/.group-mutants ## MUTANTS (200) faults put into the code, one by one: which does no test find?
	PYTHONPATH=tests $(BIN)/python -m mutants

soak: $(STAMP) ## kill -9 a thousand times at random moments; then three servers under load for SOAK_MINUTES (10)
	PYTHONPATH=tests $(BIN)/python -m soak

bundle: $(CONSOLE) $(VENV)/.group-bundle ## one archive in dist that installs without a network (MACHINE=x86_64 or aarch64, PYTHONS="3.11 3.12 3.13")
	PATH="$(CURDIR)/$(BIN):$$PATH" PYTHONPATH=tests $(BIN)/python -m bundle $(if $(MACHINE),--machine $(MACHINE)) $(if $(PYTHONS),--pythons $(PYTHONS))

test-bundle: bundle ## install that archive, run the demo and open the console where there is no network
	unshare --map-root-user --net sh tests/bundle/trial.sh dist/jobferry-*-linux-$$(uname -m).tar.gz

hooks: $(VENV)/.group-hooks ## check formatting, types and imports before each commit
	$(BIN)/pre-commit install

constraints: ## pin again (needs uv)
	uv pip compile --quiet --upgrade --universal --no-emit-index-url --no-header --no-annotate --group dev --group bundle --group fuzz --group mutants --group hooks --group s3 --group node --group browser --group audit pyproject.toml -o constraints.txt

clean: ## take away what was made
	rm -rf $(VENV) web/node_modules web/build src/jobferry/console build dist .pytest_cache .mypy_cache .ruff_cache
