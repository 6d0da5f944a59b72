# Test programs, and the targets that run them through tests/run.

setup := tests/setup
jobs   = $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc 2>/dev/null || echo 2))
run   := FRACTARY_SOURCE=$(CURDIR) tests/run

$(BUILD)/obj/tests/%.o: tests/%.c $(FLAGS)
	$(call quiet,CC,$<)mkdir -p $(@D) && $(call compile,$(test-flags) $(extra-include))

test-objects = $(patsubst tests/%.c,$(BUILD)/obj/tests/%.o,$(1))
test-binary  = $(patsubst tests/%.c,$(BUILD)/tests/%,$(1))

# Unit tests: tests/unit/test_*.c is a program each; other files there are
# shared by all of them.
unit-sources := $(wildcard tests/unit/test_*.c)
unit-shared  := $(filter-out $(unit-sources),$(wildcard tests/unit/*.c))
unit-tests   := $(call test-binary,$(unit-sources))
$(eval $(call archive,$(BUILD)/obj/tests-unit.a,$(call test-objects,$(unit-shared))))

# The real core: everything but main.c and the modules.
$(BUILD)/tests/unit/%: $(BUILD)/obj/tests/unit/%.o $(BUILD)/obj/tests-unit.a $(core-archives)
	$(call quiet,LINK,$@)mkdir -p $(@D) && $(link-program) $^ $(test-libs) $(LDLIBS)

# What drives a fuzzer. Everywhere: driver.c, which feeds the corpus and
# mutations of it, a fixed number of times. With SANITIZE=fuzzer (clang): libFuzzer.
ifeq ($(SANITIZE),fuzzer)
fuzz-driver :=
fuzz-main   := -fsanitize=fuzzer
else
fuzz-driver := $(call test-objects,$(wildcard tests/fuzz/driver.c))
fuzz-main   :=
endif

# Plugin tests: tests/plugins/<id>/test_*.c against the plugin's own objects
# and a host that is a fake.
$(eval $(call archive,$(BUILD)/obj/tests-fakehost.a,$(call test-objects,$(wildcard tests/fakehost/*.c))))

plugin-test-ids = $(sort $(patsubst tests/plugins/%/,%,$(dir $(wildcard tests/plugins/*/*.c))))
plugin-dir-of   = $(firstword $(filter %/$(1),$(plugin-dirs)))
define plugin-tests
$(eval dir := $(call plugin-dir-of,$(1)))
$(eval sources := $(wildcard tests/plugins/$(1)/test_*.c))
$(eval fuzzing := $(wildcard tests/plugins/$(1)/fuzz_*.c))
$(eval shared := $(filter-out $(sources) $(fuzzing),$(wildcard tests/plugins/$(1)/*.c)))
$(call archive,$(BUILD)/obj/plugin-$(1).a,$(call plugin-objects,$(dir)))
$(call archive,$(BUILD)/obj/tests-plugin-$(1).a,$(call test-objects,$(shared)))
$(call test-objects,$(sources) $(fuzzing) $(shared)): extra-include = -I$(dir)
$(call test-binary,$(sources) $(fuzzing)): $(BUILD)/tests/%: $(BUILD)/obj/tests/%.o \
		$(BUILD)/obj/tests-plugin-$(1).a $(BUILD)/obj/plugin-$(1).a \
		$(BUILD)/obj/tests-fakehost.a $(plugin-library) $(BUILD)/obj/core-base.a
	$$(call quiet,LINK,$$@)mkdir -p $$(@D) && $$(link-program) $$^ $$(extra-link) $$(test-libs) $$(LDLIBS)
$(call test-binary,$(fuzzing)): extra-link = $$(fuzz-main)
$(call test-binary,$(fuzzing)): $$(fuzz-driver)
plugin-test-programs += $(call test-binary,$(sources))
plugin-fuzzers += $(call test-binary,$(fuzzing))
endef
testable-ids := $(foreach id,$(plugin-test-ids),$(if $(call plugin-dir-of,$(id)),$(id)))
$(foreach id,$(testable-ids),$(eval $(call plugin-tests,$(id))))

# Plugins that misbehave, one way each; built as plugins are.
mock-dirs := $(patsubst %/plugin.json,%,$(wildcard tests/mocks/*/plugin.json))
mock-root := $(BUILD)/tests/mocks
$(foreach dir,$(mock-dirs),$(eval $(call plugin-rules,$(dir),$(mock-root))))
mocks := $(foreach dir,$(mock-dirs),$(call plugin-files,$(dir),$(mock-root)))

# Fuzzers of the core: tests/fuzz/fuzz_*.c; of a plugin: tests/plugins/<id>/fuzz_*.c.
fuzz-sources := $(wildcard tests/fuzz/fuzz_*.c)
fuzzers      := $(call test-binary,$(fuzz-sources)) $(plugin-fuzzers)
$(BUILD)/tests/fuzz/%: $(BUILD)/obj/tests/fuzz/%.o $(fuzz-driver) $(core-archives)
	$(call quiet,LINK,$@)mkdir -p $(@D) && $(link-program) $^ $(fuzz-main) $(test-libs) $(LDLIBS)

# A malloc that fails when it is told to, for `make torture`.
torture-shim := $(patsubst tests/%.c,$(BUILD)/tests/%.so,$(wildcard tests/torture/fail_alloc.c))
ifneq ($(torture-shim),)
$(torture-shim): tests/torture/fail_alloc.c $(FLAGS)
	$(call quiet,LINK,$@)mkdir -p $(@D) && $(CC) $(plugin-flags) $(CPPFLAGS) $(CFLAGS) -shared -o $@ $< -ldl
endif

test-programs: $(unit-tests) $(plugin-test-programs) $(mocks) $(fuzzers)
.PHONY: test-programs

-include $(shell find $(BUILD)/obj/tests -name '*.d' 2>/dev/null)

# ------------------------------------------------------------------- running

# Everything below calls make again: what set-up installs is seen only by a
# make that starts after it.
.PHONY: demo check check-unit check-abi check-cli check-cloud check-e2e check-tofu check-aws
demo: ## Deploy the example to a local AWS and tear it down, start to end
	@$(setup) build demo
	@+$(MAKE) $(jobs) all
	@examples/demo

check: ## All tests: unit, ABI, command line, cloud, sanitizers, fuzz, end to end
	@$(setup) build tests
	@+$(MAKE) $(jobs) all test-programs
	@+$(MAKE) $(jobs) BUILD=build/asan SANITIZE=1 all test-programs
	@$(run) check

check-unit: test-programs ## The unit tests
	@$(run) --build $(BUILD) unit

check-abi: all ## ABI: headers, symbols, layers, builds against the installed tree
	@$(setup) tests
	@$(run) --build $(BUILD) abi

check-cli: all test-programs ## The command line, through a terminal and without
	@$(setup) tests
	@$(run) --build $(BUILD) cli

check-cloud: ## The test cloud itself
	@$(setup) tests
	@$(run) --build $(BUILD) cloud

check-e2e: all test-programs ## End to end on the test cloud
	@$(setup) tests
	@$(run) --build $(BUILD) e2e

check-tofu: all test-programs ## End to end with OpenTofu, which is built where it is missing
	@$(setup) build tests tofu
	@FRACTARY_TEST_TOOL=$(or $(TOOL),tofu) $(run) --build $(BUILD) e2e

check-aws: all ## End to end on a real AWS account: make check-aws PROFILE=name
	@test -n "$(PROFILE)" || { echo 'check-aws: not run: name an AWS profile, make check-aws PROFILE=name (costs a few cents, torn down at the end)'; exit 2; }
	@$(setup) tests
	@FRACTARY_AWS_PROFILE=$(PROFILE) $(run) --build $(BUILD) aws

.PHONY: asan fuzz check-fuzz torture
asan: ## Build with ASan and UBSan and run unit, ABI and command line tests on it
	@$(setup) build tests
	@+$(MAKE) $(jobs) BUILD=build/asan SANITIZE=1 all test-programs
	@$(run) --build build/asan unit exports cli

check-fuzz: ## Each fuzzer for a fixed number of runs, with ASan and UBSan
	@+$(MAKE) $(jobs) BUILD=build/asan SANITIZE=1 test-programs
	@$(run) --build build/asan fuzz

FUZZ_SECONDS ?= 60
fuzz: ## Each fuzzer with libFuzzer for FUZZ_SECONDS (60)
	@$(setup) build lint
	@+$(MAKE) $(jobs) BUILD=build/fuzz CC=$(CLANG) SANITIZE=fuzzer fuzzers
	@set -e; for fuzzer in $(patsubst $(BUILD)/%,%,$(fuzzers)); do \
		name=$${fuzzer##*/}; \
		mkdir -p build/corpus/$$name tests/fuzz/corpus/$$name; \
		echo "$$name:"; \
		build/fuzz/$$fuzzer -max_total_time=$(FUZZ_SECONDS) -timeout=10 -print_final_stats=1 \
			-artifact_prefix=build/corpus/$$name- build/corpus/$$name tests/fuzz/corpus/$$name; \
	done
fuzzers: $(fuzzers)
.PHONY: fuzzers

torture: all $(torture-shim) ## Fail every allocation of the program in turn
	@FRACTARY_SOURCE=$(CURDIR) FRACTARY_BUILD=$(abspath $(BUILD)) python3 tests/torture/torture.py
