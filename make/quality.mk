# What looks at the sources, and what measures the program.

c-sources := $(wildcard core/*/*.c) $(foreach dir,$(plugin-dirs),$(call sources-in,$(dir)))
c-headers := $(wildcard core/*/*.h include/*/*.h) $(foreach dir,$(plugin-dirs),$(wildcard $(dir)/*.h $(dir)/*/*.h))
c-tests   := $(foreach dir,unit fakehost fuzz torture,$(wildcard tests/$(dir)/*.[ch])) $(wildcard tests/plugins/*/*.[ch] tests/mocks/*/*.[ch])
shell-scripts = $(shell grep -lE '^$(hash)!(/usr)?/bin/(env )?(ba)?sh' .ci/* tests/setup tests/cloud/* tests/abi/* examples/* examples/*/* packaging/* packaging/*/* 2>/dev/null)

# -fanalyzer costs several times a normal build, so it has a tree of its own.
.PHONY: lint lint-analyzer lint-tidy lint-shell format check-format
lint: ## gcc -fanalyzer, clang-tidy and shellcheck, all clean
	@$(setup) build lint
	@+$(MAKE) --no-print-directory $(jobs) lint-shell lint-tidy
	@+$(MAKE) --no-print-directory $(jobs) lint-analyzer
	@echo 'lint: clean'

lint-analyzer:
	@+$(MAKE) --no-print-directory BUILD=build/lint CC=gcc CFLAGS='-O2 -g -fanalyzer' all

lint-shell:
	$(call quiet,SHELL,$(words $(shell-scripts)) scripts)shellcheck -x $(shell-scripts)

tidy-stamps := $(patsubst %.c,build/lint/tidy/%.ok,$(c-sources))
lint-tidy: $(tidy-stamps)
build/lint/tidy/%.ok: %.c .clang-tidy $(c-headers)
	$(call quiet,TIDY,$<)mkdir -p $(@D) && clang-tidy --quiet $< -- -std=c11 -Iinclude \
		$(if $(filter core/%,$<),-Icore $(external-cflags)) $(OUR_CPPFLAGS) 2>$@.log \
		|| { cat $@.log; exit 1; } && touch $@

format: ## Format all C sources with clang-format
	clang-format -i $(c-sources) $(c-headers) $(c-tests)

check-format: ## Say what clang-format would change
	clang-format --dry-run -Werror $(c-sources) $(c-headers) $(c-tests)

.PHONY: coverage bench
COVERAGE_MIN ?= 85
coverage: ## Lines covered by all tests; fails under 85 %
	@$(setup) build tests coverage
	@+$(MAKE) $(jobs) BUILD=build/coverage COVERAGE=1 all test-programs
	@find build/coverage -name '*.gcda' -delete
	@$(run) --build build/coverage unit cli e2e
	gcovr --root . --object-directory build/coverage --exclude-throw-branches \
		--filter 'core/' --filter 'plugins/' --filter 'skills/' --filter 'agents/' \
		--txt build/coverage/report.txt --html-details build/coverage/report.html \
		--print-summary --fail-under-line $(COVERAGE_MIN) build/coverage
	@echo 'coverage: build/coverage/report.html'

bench: ## Speed and size against the goals; never part of check
	@$(setup) build tests
	@+$(MAKE) $(jobs) all $(BUILD)/tests/bench/measure
	@FRACTARY_SOURCE=$(CURDIR) build/python/bin/python tests/bench/bench.py $(BENCH)

$(BUILD)/tests/bench/measure: $(BUILD)/obj/tests/bench/measure.o
	$(call quiet,LINK,$@)mkdir -p $(@D) && $(link-program) $<
