# fractary: build, tests, demo and installation. `make help` lists the targets.
#
# Everything that is made goes under build/. The parts:
#   make/flags.mk    compilers and flags
#   make/core.mk     the layers, the program, libfractary-plugin.a, modules
#   make/plugins.mk  plugins, agents and skills
#   make/tests.mk    test programs, fuzzers, and the targets that run them
#   make/quality.mk  lint, format, coverage, bench
#   make/install.mk  install and uninstall

MAKEFLAGS += --no-builtin-rules --no-builtin-variables
.SUFFIXES:
.DELETE_ON_ERROR:
.SECONDARY:
.DEFAULT_GOAL := all

BUILD   ?= build
VERSION := $(strip $(file <VERSION))

include make/flags.mk
include make/core.mk
include make/plugins.mk
include make/tests.mk
include make/quality.mk
include make/install.mk

.PHONY: all clean help
all: $(ALL) ## Build the program, its plugins and the plugin library (default)

clean: ## Remove everything that was built (the tools that set-up made stay)
	rm -rf $(filter-out build/python build/tools,$(wildcard build/*)) $(filter-out build,$(BUILD))

distclean: ## Remove build/ whole
	rm -rf build
.PHONY: distclean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z][a-z0-9-]*:.*## / { printf "  %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "Variables: CC, CFLAGS, LDFLAGS, WERROR= (no -Werror), V=1 (show commands),"
	@echo "           BUILD, DESTDIR, PREFIX, PROFILE (check-aws), FUZZ_SECONDS (fuzz)"
