# The verbs: serve, check, test, build, bench, audit. `make` alone lists them.
#
# Everything is installed into $(VENV), from the locks, with hashes. Needed besides:
# Python 3.11 or newer with venv, git, GNU make and a POSIX shell.

PYTHON ?= python3
VENV ?= .venv
ADDR ?= 127.0.0.1:8000

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
# A lock names all it needs. With --no-deps pip looks for nothing else: it would resolve an extra
# (coverage[toml]) to the newest release, which the lock has no hash for.
LOCKED := $(PIP) install --quiet --require-hashes --no-deps --only-binary :all:

# Material prints the date of its end of life at every start; pyproject.toml bounds it.
export NO_MKDOCS_2_WARNING := 1
export PYTHONUTF8 := 1
# Without what Python keeps of modules that it has read, each command reads the engine anew.
unexport PYTHONDONTWRITEBYTECODE

.DELETE_ON_ERROR:
.PHONY: help install install-capture serve check build guides build-guides test lint browser bench audit
.PHONY: hosts properdocs zensical lock advisories clean

help:
	@echo 'make serve   show the site at http://$(ADDR)/ and reload it as files change'
	@echo 'make check   list every problem of the report'
	@echo 'make build   build the site strictly into site/'
	@echo 'make guides  show the guides for authors at http://$(ADDR)/'
	@echo 'make build-guides  build them strictly into site/guides/, after make build'
	@echo 'make test    linters, types and tests, in a real browser too'
	@echo 'make bench   time builds of up to 1,000 pages, saves, gates and start-up beside bare MkDocs'
	@echo 'make audit   weight, Lighthouse and valid HTML beside bare MkDocs and Material'
	@echo 'make hosts   build the report with ProperDocs and with Zensical, into build/'
	@echo 'make lock    resolve all locks anew'
	@echo 'make advisories  hold all locks against the known vulnerabilities (asks a service)'
	@echo 'make clean   remove $(VENV) and what the tools cache'

# ---- installation; the stamps tell what stands in $(VENV) already ----

$(BIN)/python:
	@command -v '$(PYTHON)' >/dev/null 2>&1 || { \
	  echo 'There is no $(PYTHON) here: install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3' >&2; exit 1; }
	@'$(PYTHON)' -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed, and $(PYTHON) is $$('$(PYTHON)' -V 2>&1): name another with make PYTHON=..." >&2; exit 1; }
	@'$(PYTHON)' -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo '$(PYTHON) comes without venv: install it (on Debian and Ubuntu: apt-get install python3-venv)' >&2; exit 1; }
	@echo 'Making $(VENV)'
	@'$(PYTHON)' -m venv --clear '$(VENV)'

$(VENV)/.runtime: requirements.lock | $(BIN)/python
	@echo 'Installing requirements.lock'
	@$(LOCKED) -r requirements.lock
	@touch $@

# Editable, so that an edit of scripts/ counts at once.
$(VENV)/.project: pyproject.toml $(VENV)/.runtime
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# Not beside the project: two runs of pip would write into one folder.
$(VENV)/.test: requirements-test.lock $(VENV)/.runtime | $(VENV)/.project
	@echo 'Installing requirements-test.lock'
	@$(LOCKED) -r requirements-test.lock
	@touch $@

install: $(VENV)/.project

# Texts of sources are read with more libraries than a build needs.
$(VENV)/.capture: requirements-capture.lock $(VENV)/.runtime
	@echo 'Installing requirements-capture.lock'
	@$(LOCKED) -r requirements-capture.lock
	@touch $@

install-capture: install $(VENV)/.capture

# ---- the report ----

serve: install
	@echo 'The site will be at http://$(ADDR)/ once it is built; Ctrl-C ends it.'
	@$(BIN)/mkdocs serve --dev-addr '$(ADDR)'

check: install
	@$(BIN)/dossier check

# The date of a build is that of its commit, so that two builds of it are alike.
DATED = SOURCE_DATE_EPOCH="$${SOURCE_DATE_EPOCH:-$$(git -c log.showSignature=false log -1 --format=%ct 2>/dev/null || echo 0)}"

build: install
	@$(DATED) $(BIN)/dossier build

# ---- the guides, a site of their own ----

guides: install
	@echo 'The guides will be at http://$(ADDR)/ once they are built; Ctrl-C ends it.'
	@$(BIN)/mkdocs serve --config-file guides/mkdocs.yml --dev-addr '$(ADDR)'

# Within the site of the report, which a build of the report replaces as a whole: so they come after it.
build-guides: install
	@$(DATED) $(BIN)/dossier -f guides/mkdocs.yml build --site-dir site/guides

# ---- the engine ----

# A browser is fetched beside the libraries and the linters, which use one processor. pytest-cov
# would look through the sources twice for the figure of coverage that pyproject.toml asks for.
test:
	@$(MAKE) --no-print-directory --jobs=2 lint browser
	@[ -n "$${DOSSIER_CORPUS:-}" ] || echo 'DOSSIER_CORPUS is not set: the tests over that folder are skipped, and named below.'
	@chromium=$$(PATH="$(BIN):$$PATH" sh .ci/chromium) && \
	  DOSSIER_CHROMIUM="$$chromium" $(BIN)/python -m pytest --numprocesses auto --dist worksteal \
	    --cov --cov-report= --cov-fail-under=0
	@$(BIN)/coverage report

lint: install $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/zizmor --offline --quiet --persona auditor .github

browser:
	@sh .ci/chromium --ahead

# The peer has needs of its own, and so an environment.
$(VENV)-bench/.peer: requirements-bench.lock | $(BIN)/python
	@echo 'Installing requirements-bench.lock'
	@'$(PYTHON)' -m venv --clear '$(VENV)-bench'
	@$(VENV)-bench/bin/python -m pip --disable-pip-version-check --no-input install --quiet \
	  --require-hashes --no-deps --only-binary :all: -r requirements-bench.lock
	@touch $@

# BENCH takes options, such as BENCH='--quick' or BENCH='--only sizes --style apa'.
bench: install $(VENV)/.test $(VENV)-bench/.peer
	@DOSSIER_BENCH_PEER='$(abspath $(VENV))-bench/bin/python' $(BIN)/python -m bench $(BENCH)

# Needs Node.js and Java besides; AUDIT takes options, such as AUDIT='--only weight'.
audit: install $(VENV)/.test
	@chromium=$$(PATH="$(BIN):$$PATH" sh .ci/chromium) && \
	  CHROME_PATH="$$chromium" $(BIN)/python -m audit $(AUDIT)

# ---- the other hosts: what is there to go to when MkDocs or Material is no more ----

hosts: properdocs zensical

properdocs: install $(VENV)/.test
	@$(DATED) $(BIN)/dossier build --host properdocs --site-dir build/properdocs

zensical: install $(VENV)/.test
	@$(BIN)/python .ci/zensical.py build/zensical
	@$(BIN)/zensical build -f mkdocs.zensical.yml
	@$(BIN)/dossier -f mkdocs.zensical.yml check --site build/zensical

# ---- upkeep ----

# Run it with the oldest Python that the project takes (make lock PYTHON=python3.11). The test
# lock is resolved first and the runtime lock within it, so that both name the same versions.
COMPILE = CUSTOM_COMPILE_COMMAND='make lock' $(VENV)-lock/bin/pip-compile --quiet --generate-hashes \
  --allow-unsafe --strip-extras --all-build-deps --newline lf \
  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

lock:
	@'$(PYTHON)' -m venv --clear '$(VENV)-lock'
	@$(VENV)-lock/bin/python -m pip install --quiet --disable-pip-version-check 'pip-tools>=7.5,<8'
	@$(COMPILE) --extra test --output-file requirements-test.lock pyproject.toml
	@$(COMPILE) --extra capture --constraint requirements-test.lock --output-file requirements-capture.lock pyproject.toml
	@$(COMPILE) --extra audit --constraint requirements-test.lock --output-file requirements-audit.lock pyproject.toml
	@$(COMPILE) --constraint requirements-test.lock --output-file requirements.lock pyproject.toml
	@$(COMPILE) --constraint requirements-test.lock --output-file requirements-bench.lock bench/peer.in
	@'$(PYTHON)' -m audit.lock

# In an environment of its own, that needs nothing of the project. Without --strict a version that
# the service does not know would pass for one without faults. The lock of npm is for npm: its
# advisories come from the service that it installs from.
$(VENV)-audit/.audit: requirements-audit.lock
	@echo 'Installing requirements-audit.lock'
	@'$(PYTHON)' -m venv --clear '$(VENV)-audit'
	@$(VENV)-audit/bin/python -m pip --disable-pip-version-check --no-input install --quiet \
	  --require-hashes --no-deps --only-binary :all: -r requirements-audit.lock
	@touch $@

advisories: $(VENV)-audit/.audit
	@$(VENV)-audit/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off \
	  $(patsubst %,--requirement %,$(wildcard requirements*.lock))

clean:
	@rm -rf -- '$(VENV)' '$(VENV)-lock' '$(VENV)-bench' '$(VENV)-audit' audit/node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage
