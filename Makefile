# Casserole's commands. Asked of the machine: Python 3.11 or newer, and make.
#
#   make run       a demo neighbourhood at http://localhost:8000 (PORT=8001 for another port)
#   make test      every test            make check     every check
#   make pictures  photographs of every page into var/pictures/
#   make bench     speed, as ratios      make drill     faults, survived
#   make messages  the texts to translate     make format   lay out the code     make lock   lock the requirements

.POSIX:
.SUFFIXES:
.PHONY: run test check pictures bench drill messages format lock base dev audit
.DEFAULT_GOAL := run

# The first Python that is new enough; Redis comes as a wheel for 3.11 and 3.12.
PYTHON ?= $(shell for python in python3.11 python3.12 python3 python3.13 python3.14; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
# By module and not by script: scripts in a deep folder have a first line that some kernels cut.
PY = .venv/bin/python
# How many processes share the tests; the run after it needs none of them.
TESTERS ?= 2
TESTS ?= tests
export PORT

base dev:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: sudo apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) config/bootstrap.py $@

run: base
	@exec $(PY) -m config.launcher --with-parent

test: dev
	@$(PY) -m pytest -n $(TESTERS) --dist worksteal $(TESTS)

# What a real server sets, with values of no worth: the deployment checks judge the settings, not the keys.
DEPLOYED = SITE_URL=https://casserole.example DEBUG=false DEMO=false TRUSTED_PROXIES=1 \
	SECRET_KEY_FILE= SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))')"

check: dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m djlint --lint --quiet templates
	$(PY) -m config.embedded $(PY) -m mypy
	.venv/bin/lint-imports --no-logo
	$(PY) -m config.embedded env $(DEPLOYED) $(PY) manage.py check --deploy --fail-level WARNING
	$(PY) -m config.embedded $(PY) manage.py makemigrations --check --dry-run
	@$(MAKE) --no-print-directory audit

# --strict: without it pip-audit passes when it could not look a package up. The same holds for no
# way to the advisories at all: that fails too, unless PIP_AUDIT_OFFLINE=allow says this machine has none.
audit:
	$(PY) config/audit.py

pictures: dev
	@$(PY) -m tests.pictures

bench: dev
	@$(PY) -m tests.bench

drill: dev
	@$(PY) -m tests.drills

# Debian's gettext writes the texts; running needs only Babel.
messages: dev
	@command -v xgettext >/dev/null || { echo "One command is needed first: sudo apt-get install gettext"; exit 1; }
	$(PY) -m config.embedded $(PY) manage.py makemessages --locale es --no-location --no-obsolete --ignore '.venv/*' --ignore 'var/*' --ignore 'tests/*'

format: dev
	$(PY) -m ruff check --fix --exit-zero .
	$(PY) -m ruff format .

# No index address goes into a lock: every machine asks the index it is set up with.
LOCK = $(PY) -m uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11
lock: dev
	$(LOCK) requirements/tools.in -o requirements/tools.txt $(LOCKFLAGS)
	$(LOCK) requirements/base.in -o requirements/base.txt $(LOCKFLAGS)
	$(LOCK) requirements/dev.in -c requirements/base.txt -o requirements/dev.txt $(LOCKFLAGS)
