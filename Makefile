# Every command works in a fresh clone: it brings .venv to requirements.lock first. Needs make and Python 3.11 or newer.

# The stack. Where none is named: the one that `pulumi stack select` or PULUMI_STACK selects, else dev.
STACK ?=
# Answers beforehand, for pipelines: YES=1 of `make up`, CONFIRM=<the stack's name> of `make destroy`.
YES ?=
CONFIRM ?=
PYTEST_ARGS ?=
UPGRADE ?=
# Not from the environment, where some systems have a NAME.
CMD :=
VIA := host
NEW :=
DIR :=
NAME :=
FROM :=
REGION :=
ARGS :=
CONFIG :=
APPLY :=
ALLOW :=
FORMAT :=
TO :=
EXPORTS :=

# Paths are relative to this file, so a clone may live in a directory with spaces in its name.
python := .venv/bin/python
stack := $(if $(STACK),--stack "$(STACK)")
# Installs what a file names with its hashes, and nothing else: --no-deps, so that nothing comes in beside it.
hashed := -I -m pip install --quiet --no-input --disable-pip-version-check --only-binary :all: --no-deps --require-hashes --requirement
# What make lock resolves with: universal, so that the result holds on every platform. It lives in build/, not in .venv.
compile = build/lock/bin/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade)
# Tests of one file share what it takes long to make, so they stay together. Sorted by their number of tests, as they would be by
# themselves, files with few long tests would come last, and one process would wait for them.
in_parallel := --numprocesses auto --dist loadfile --no-loadscope-reorder

MAKEFLAGS += --no-print-directory
# PYTHON chooses the Python that .venv is made with.
export PYTHON
# The lock alone says what is importable, and bytecode is always kept: without it every command compiles the provider again.
unexport PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help preview check up changes client destroy acls evidence shell stack new test test-exhaustive test-lowest lint format bench mutations pictures generate facts lock clean venv

## Your stacks (STACK=prod; else the one selected with pulumi, else dev)

preview: venv ## Preview it on this machine: no account, no CLI (NEW=1, EXPORTS=1)
	@$(python) -m tools preview $(stack) $(if $(NEW),--new) $(if $(EXPORTS),--exports)

check: venv ## Preview every stack on this machine, a line each
	@$(python) -m tools check

changes: venv ## Show what deploying it would change
	@$(python) -m tools up --preview $(stack) $(if $(ALLOW),--allow $(ALLOW))

up: venv ## Show that, ask, and deploy it (YES=1: do not ask)
	@$(python) -m tools up $(stack) $(if $(YES),--yes) $(if $(ALLOW),--allow $(ALLOW))

client: venv ## Print a client's files (NAME=orders-api FORMAT=java TO=dir)
	@$(python) -m tools client-files $(stack) --client="$(NAME)" --format="$(FORMAT)" $(if $(TO),--to="$(TO)")

destroy: venv ## Show what would be lost, ask for its name, destroy it
	@$(python) -m tools destroy $(stack) $(if $(CONFIRM),--confirm="$(CONFIRM)")

acls: venv ## Compare a stack's Kafka ACLs, or apply them (VIA=host APPLY=1)
	@$(python) -m tools acls $(stack) $(if $(CONFIG),--command-config "$(CONFIG)") $(if $(findstring command,$(origin VIA)),--via "$(VIA)") $(if $(APPLY),--apply) $(ARGS)

evidence: venv ## Prove by control what is enforced, and who may use which topic
	@$(python) -m tools evidence $(stack) $(if $(FORMAT),--format "$(FORMAT)") $(ARGS)

# As one word, whatever is in it: a line for the shell in the VPC, not for this one.
shell: export OPERATOR_COMMAND = $(value CMD)
shell: venv ## Open a shell with Kafka's tools in the VPC (VIA=pod, CMD="kafka-topics.sh --list")
	@$(python) -m tools shell $(stack) --via "$(VIA)" $(ARGS) $(if $(value CMD),-- "$$OPERATOR_COMMAND")

stack: venv ## Start a stack (NAME=events FROM=stacks/event-sourcing)
	@$(python) -m tools stack --name="$(NAME)" --from="$(FROM)" --region="$(REGION)"

new: venv ## Create a project (DIR=../orders-kafka NAME=orders-kafka)
	@$(python) -m tools new --dir="$(DIR)" --name="$(NAME)" -- $(ARGS)

## The template itself

test: venv ## Run all tests (PYTEST_ARGS="-k name", -n0: one process)
	@$(python) -m pytest $(in_parallel) $(PYTEST_ARGS)

# By night besides (tests marked `exhaustive`, and those that ask whether the run is): every mutant, many examples of each property;
# of tests/engine every stack watched as it ships, faults at every call of prod as well, and all of a clone's own tests.
test-exhaustive: venv ## Run all tests with every fault, mutant and example
	@$(python) -m pytest $(in_parallel) --exhaustive $(PYTEST_ARGS)

# What touches the SDK and the libraries of a clone: the offline engine, components, the pack as a process, whole programs. What only
# computes is the same with every version.
test-lowest: ## Run tests of the SDK with the lowest versions allowed
	@python=$$(sh .ci/find-python) && stamp=$$("$$python" --version | cat - .ci/lowest.txt Makefile | cksum) && \
		if [ "$$stamp" != "$$(cat build/lowest/stamp 2>/dev/null)" ]; then \
			"$$python" -I -m venv --clear build/lowest && \
			build/lowest/bin/python $(hashed) .ci/lowest.txt && \
			echo "$$stamp" > build/lowest/stamp; \
		fi
	@build/lowest/bin/python -m pytest tests/offline tests/components tests/policies/test_exemptions.py \
		tests/policies/test_programs_without_our_components.py tests/policies/test_remediation.py tests/program/test_program.py \
		tests/program/test_own_stacks.py tests/program/test_broken_stacks.py $(in_parallel) $(PYTEST_ARGS)

lint: venv ## Check rules, format and types
	@$(python) -m ruff check --quiet .
	@$(python) -m ruff format --check --quiet .
	@$(python) -m mypy --no-error-summary
	@$(python) -m mypy --no-error-summary policies/__main__.py

format: venv ## Format the code and fix what can be fixed
	@$(python) -m ruff check --quiet --fix-only .
	@$(python) -m ruff format --quiet .

bench: venv ## Measure a preview, into docs/benchmark.md
	@$(python) -m tests.bench > build/benchmark.md
	@mv build/benchmark.md docs/benchmark.md
	@cat docs/benchmark.md

mutations: venv ## Make prod worse, change by change: docs/mutations.md
	@$(python) -m tests.mutations

pictures: venv ## Draw the dashboards, into docs/dashboards (20 minutes)
	@$(python) -m tests.pictures

generate: venv ## Write the generated files again
	@$(python) -m tools facts
	@$(python) -m tools policies
	@$(python) -m tools guards
	@$(python) -m tools kinds
	@$(python) -m tools dashboards
	@$(python) -m tools settings
	@$(python) -m tools settings --directory tests/stacks
	@$(python) -m tools schema
	@$(python) -m tools stacks
	@$(python) -m tools pages
	@$(python) -m tools settings

facts: generate

lock: ## Renew requirements.lock (UPGRADE=1: newest versions)
	@python=$$(sh .ci/find-python) && "$$python" -I -m venv --clear build/lock
	@build/lock/bin/python $(hashed) .ci/uv.txt
	@$(compile) -o requirements.lock requirements-dev.in
	@$(compile) --resolution lowest-direct -o .ci/lowest.txt .ci/lowest.in
	@$(compile) -o .ci/uv.txt .ci/uv.in
	@rm -rf build/lock

clean: ## Remove .venv and everything that was built
	@rm -rf .venv build .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## Show the commands
	@awk -F ':.*## ' '/^## /{sub(/^## /, ""); print (n++ ? "\n" : "") $$0} /^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' Makefile

# .venv's own Python compares the stamp with the lock (about 20 ms); where there is none, or it is behind, it is brought there.
venv:
	@$(if $(PYTHON),,$(python) -I -S .ci/venv.py --check 2>/dev/null ||) \
		{ python=$$(sh .ci/find-python) && "$$python" -I .ci/venv.py; }
