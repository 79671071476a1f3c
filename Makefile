# make demo   the whole program with its sample story, at http://127.0.0.1:8000 (PORT=… for another port)
# make test   every test, the browser's too (ARGS="tests/articles -k dates" for some)
# make check  what must hold before a commit: lint, format, types, templates, imports, migrations, deployment
# make bench-import  a bulk import beside a bare COPY (ROWS=100000, SOURCE=… another table)
# make bench-anchors annotations that follow their texts, one article and a bulk import (N=10000 for more of it)
# make bench-review  accepting 500 suggestions at once, and undoing it
# make bench-search  searches over 20,000 made articles with 60,000 quotes (A=--explain for plans)
# make test-killed   a long import through twenty kills of its worker and five of PostgreSQL
# make screenshots  pictures of every page, in test-results/screenshots and docs/images (ALL=1: the desk's too)
# make independent-client  a client of others finds the words of every annotation on our pages
# make lighthouse   scores and weights of every kind of public page of a running demo (PORT=…)
# make messages  bring the catalogues of translations up to date, and compile them
# make fmt    format code and templates
# make lock   resolve pyproject.toml into the lock files (UPGRADE=--upgrade for the newest versions)
# make clean  stop the embedded PostgreSQL and remove what tools and builds left; keeps data and environment
# make clean-env, make clean-data  remove the environment; remove the demo's data

PORT ?= 8000
export PORT
ARGS ?=
PY := .venv/bin/python
TEMPLATES = $(shell git ls-files '*.html')

# Settings as a real site has them, for Django's deployment checks. Nothing is connected to: so all checks but those of
# the models, which ask the server for its version, and which makemigrations makes on a real one.
TAGS := admin async_support caches commands compatibility files mail security staticfiles templates translation urls
PRODUCTION := SITE_URL=https://newsdesk.example DATABASE_URL=postgresql://newsdesk@db.example/newsdesk \
	SECRET_KEY=made-only-for-this-check-nU4vbqL8yzH2sXeT7wJr0KcD5pGf3mAi9oZk

.PHONY: demo test check bench-import bench-anchors bench-review bench-search test-killed screenshots lighthouse independent-client messages fmt lock clean clean-env clean-data env env-dev
.DEFAULT_GOAL := demo

demo: env
	@$(PY) -m newsdesk.demo

test: env-dev
	$(PY) -m pytest -n 2 $(ARGS)

check: env-dev
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy .
	.venv/bin/djade --check $(TEMPLATES)
	$(PY) .venv/bin/lint-imports
	$(PY) manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING $(TAGS:%=--tag %)

bench-import: env-dev
	$(PY) -m tests.benchmarks.bench_import $(SOURCE) --rows $(ROWS)
ROWS ?= 100000
SOURCE ?= ../shared/data/bulk-reuters/reuters_1500.csv

bench-anchors: env-dev
	$(PY) -m tests.benchmarks.bench_anchors --articles $(N)
N ?= 300

bench-review: env-dev
	$(PY) -m tests.benchmarks.bench_review

bench-search: env-dev
	$(PY) -m tests.benchmarks.bench_search $(A)

test-killed: env-dev
	KILL_ROWS=20000 KILLS=20 SERVER_KILLS=5 $(PY) -m pytest tests/articles/bulk/test_killed.py $(ARGS)

screenshots: env-dev
	$(PY) -m pytest -n 2 tests/browser/screenshots.py $(ARGS)

independent-client: env-dev
	$(PY) -m pytest tests/browser/independent_client.py $(ARGS)

lighthouse: env-dev
	$(PY) -m tests.browser.lighthouse http://127.0.0.1:$(PORT)

messages: env-dev
	$(PY) -m tests.messages

fmt: env-dev
	$(PY) -m ruff check --fix-only
	$(PY) -m ruff format
	.venv/bin/djade $(TEMPLATES)

lock:
	@$(FIND_PYTHON); scratch=$$(mktemp -d) && trap 'rm -rf "$$scratch"' EXIT && \
	echo "Installing uv, which resolves the lock files, into a temporary environment" && \
	"$$python" -m venv "$$scratch" && \
	"$$scratch/bin/pip" install --quiet --disable-pip-version-check "uv>=0.11" && \
	"$$scratch/bin/uv" $(COMPILE) -o requirements.txt && \
	"$$scratch/bin/uv" $(COMPILE) --extra nlp -c requirements.txt -o requirements-nlp.txt && \
	"$$scratch/bin/uv" $(COMPILE) --extra nlp --group dev -c requirements-nlp.txt -o requirements-dev.txt
COMPILE = pip compile pyproject.toml --quiet --universal --python-version 3.12 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(UPGRADE)

clean:
	@if [ -x $(PY) ] && [ -d .data ]; then $(PY) -m newsdesk.database stop; fi
	rm -rf staticfiles .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis test-results
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

clean-env:
	rm -rf .venv

clean-data: clean
	rm -rf .data media

env: ; @$(FIND_PYTHON); "$$python" -I newsdesk/environment.py
env-dev: ; @$(FIND_PYTHON); "$$python" -I newsdesk/environment.py --dev

# The first Python that is new enough: PYTHON, what .python-version names, the usual names, pyenv's own folder.
FIND_PYTHON = new='import sys; sys.exit(sys.version_info < (3, 12))'; \
	for python in $(or $(PYTHON),"python$$(cat .python-version)" python3.12 python3 python3.14 \
		"$${PYENV_ROOT:-$$HOME/.pyenv}/versions/$$(cat .python-version)"*/bin/python); do \
		if "$$python" -c "$$new" >/dev/null 2>&1; then found=yes; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "Newsdesk needs Python 3.12 or newer, and $(if $(PYTHON),$(PYTHON) is not one,none was found)." >&2; \
		echo "Install one (python3.13 and python3.13-venv with apt, python@3.13 with Homebrew, or" >&2; \
		echo "'pyenv install 3.13'), or name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3.13" >&2; \
		exit 1; \
	fi
