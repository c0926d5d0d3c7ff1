# The one front door; `make help` lists what it opens. Needs git, make, and root or sudo: the rest of the
# machine is set up by scripts/setup. CMake builds, the scripts/ folder does the work.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
export LC_ALL := C.UTF-8
JOBS ?= $(shell nproc)
SEEDS ?= 2000
N ?= 500
TIME ?= 60
WHAT ?= all

.PHONY: help
help: ## this page
	@printf 'Handrail: customer handoffs that a team can trust.\n\n'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@printf '\nSettings: ARGS for run and bench, SEEDS=%s for sim, N=%s for kill-test, TIME=%s s for fuzz, JOBS=%s.\n' \
		$(SEEDS) $(N) $(TIME) $(JOBS)

.PHONY: run
run: setup-run build ## start the coaching example (ARGS=--once: without a person)
	@scripts/run $(ARGS)

.PHONY: test
test: setup ## everything: linters, gcc, clang, sanitizers, fuzzers, simulator, end to end (< 40 min)
	@scripts/test

.PHONY: check
check: setup ## the quick gate before a commit: house law, build, tests (< 3 min)
	@scripts/test tidy gcc

.PHONY: bench
bench: setup build-all ## every performance bar with its ratio
	@scripts/bench $(ARGS)

.PHONY: sim
sim: setup ## the simulator over SEEDS seeds
	@scripts/sim $(SEEDS)

.PHONY: kill-test
kill-test: setup build-all ## SIGKILL the daemon N times under load; nothing may be lost or doubled
	@HANDRAIL=$(CURDIR)/build/release/handrail tests/kill/kill_test $(N)

.PHONY: fuzz
fuzz: setup ## every fuzzer for TIME seconds
	@scripts/fuzz $(TIME)

.PHONY: fmt
fmt: setup ## format all C and C++
	@scripts/fmt

.PHONY: lint
lint: setup ## clang-tidy with its analyzer, and cppcheck
	@scripts/lint

.PHONY: build
build: setup-run ## the handrail program, optimised: build/release/handrail
	@scripts/build release handrail

.PHONY: install
install: build ## install into PREFIX (default /usr/local), below DESTDIR
	@DESTDIR=$(DESTDIR) cmake --install build/release --prefix $(or $(PREFIX),/usr/local)

.PHONY: setup
setup: ## install the Debian packages that are missing, and nothing else
	@scripts/setup run test

.PHONY: chroot-test
chroot-test: ## prove it in a new, bare Debian 12 (needs root and debootstrap; WHAT=setup|run|test|all)
	@scripts/chroot-test $(WHAT)

.PHONY: clean
clean: ## remove build/
	@rm -rf build

# The example needs less than the tests do; the bench and the kill test need more than the program.
.PHONY: setup-run build-all
setup-run:
	@scripts/setup run
build-all: setup
	@scripts/build release all
