# `make` alone lists the targets.
.DEFAULT_GOAL := help
.NOTPARALLEL:
SHELL := /bin/sh

PREFIX ?= /usr/local
# The release build contains the Swift runtime, so that the two programs run where Swift is not installed. The flag
# would cause rebuilds in a shared folder, so this build has its own.
RELEASE := swift build -c release --static-swift-stdlib --scratch-path .build-release
PROGRAMS := .build-release/release

.PHONY: help setup build demo test chaos simulate power-loss soak fuzz hostile leaks sanitize bench lint format samples install uninstall clean

help: ## List the targets
	@echo "make TARGET, where TARGET is one of:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install the Debian packages that the build needs
	@Scripts/check-toolchain
	@Scripts/install-packages build

build: setup ## Build ingestd and ingestd-parse for release in .build-release/release
	$(RELEASE) --product ingestd
	$(RELEASE) --product ingestd-parse

demo: build ## Run the main job on the sample documents, and keep ./demo-data to try things
	@Scripts/demo

test: setup ## Build and run all tests
	@Scripts/install-packages test
	swift build --build-tests
	Scripts/run-tests --skip 'IngestCLITests|IngestFlowTests|IngestChaosTests|IngestHostileTests|IngestSimulationTests|IngestPowerLossTests'
	SIMULATION_SEEDS=$${SIMULATION_SEEDS:-2000} Scripts/run-tests --filter IngestSimulationTests
	# Power is lost after every operation. This uses both processors for a minute or two.
	Scripts/run-tests --filter IngestPowerLossTests
	# Tests that run many programs and depend on time do not run beside each other.
	Scripts/run-tests --filter IngestCLITests
	Scripts/run-tests --no-parallel --filter 'IngestFlowTests|IngestChaosTests|IngestHostileTests'

chaos: setup ## Kill and stop real processes, for longer than `make test` does (KILLS=500, CHAOS_SEED to repeat)
	swift build --build-tests
	CHAOS_KILLS=$${KILLS:-500} Scripts/run-tests --no-parallel --filter IngestChaosTests

power-loss: setup ## Inject every disk fault at every operation (`make test` takes every sixteenth)
	swift build --build-tests
	POWER_LOSS_FAULTS=all Scripts/run-tests --filter IngestPowerLossTests

soak: build ## Load ingestd for an hour, and check that its use of resources stays flat (SOAK_MINUTES=60)
	@SOAK_MINUTES=$${SOAK_MINUTES:-60} /usr/bin/python3 Benchmarks/soak.py

fuzz: setup ## Fuzz every reader of untrusted bytes with libFuzzer (FUZZ_SECONDS=60 each, FUZZ_TARGETS="json query")
	@Scripts/fuzz $(FUZZ_TARGETS)

hostile: setup ## Parse thousands of damaged PDFs in real parser processes (HOSTILE_PDFS=5000, HOSTILE_SEED, HOSTILE_CORPUS=DIR)
	swift build --build-tests
	HOSTILE_PDFS=$${HOSTILE_PDFS:-5000} Scripts/run-tests --no-parallel --filter 'IngestHostileTests.*PDF'

leaks: setup ## Check the parser process for memory leaks: 300 documents under valgrind, 1,500 in its sandbox
	@Scripts/install-packages leaks
	$(RELEASE) --product ingestd-parse
	@Scripts/check-leaks

sanitize: setup ## Run all tests under the address sanitizer, then under the thread sanitizer (SANITIZER=address|thread for only one)
	@Scripts/install-packages test
	set -e; for kind in $(or $(SANITIZER),address thread); do Scripts/sanitize $$kind; done

simulate: setup ## Run simulated worlds, and find the injected bugs in others (SIMULATION_SEEDS=10000, SIMULATION_SEED to repeat one)
	swift build --build-tests
	SIMULATION_SEEDS=$${SIMULATION_SEEDS:-10000} Scripts/run-tests --filter IngestSimulationTests

bench: build ## Measure the promised figures, each beside its control (BENCH=row …)
	@Scripts/install-packages bench
	$(RELEASE) --product ingestd-bench
	@/usr/bin/python3 Benchmarks/bench.py $(BENCH)

lint: ## Check formatting and scripts
	@Scripts/check-toolchain
	@Scripts/lint

format: ## Format the Swift code in place
	swift format --in-place --parallel --recursive Sources Tests Fuzz Benchmarks Package.swift

samples: ## Make the PDF files of samples/ again from their sources
	@Scripts/install-packages samples
	@Scripts/make-samples

install: ## Install both programs and the completions in PREFIX (/usr/local)
	@Scripts/install-programs "$(DESTDIR)$(PREFIX)"

uninstall: ## Remove the files that install put in PREFIX
	rm -f "$(DESTDIR)$(PREFIX)/bin/ingestd" "$(DESTDIR)$(PREFIX)/libexec/ingestd-parse"
	rm -f "$(DESTDIR)$(PREFIX)/share/bash-completion/completions/ingestd"
	rm -f "$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_ingestd"
	rm -f "$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/ingestd.fish"

clean: ## Remove all build products, but not ./demo-data
	rm -rf .build .build-*
