# Compilers and flags. CFLAGS, CPPFLAGS, LDFLAGS and LDLIBS belong to the
# packager and come last; what the project needs stands in OUR_*.

# $(call with-default,VARIABLE,value): like ?=, but beats make's built-in value.
with-default = $(if $(filter default undefined,$(origin $(1))),$(eval $(1) := $(2)))
$(call with-default,CC,gcc)
$(call with-default,AR,ar)
$(call with-default,PKG_CONFIG,pkg-config)
$(call with-default,INSTALL,install)
CLANG ?= clang

ifdef V
quiet :=
else
quiet = @printf '  %-5s %s\n' $(1) $(2);
endif

# Set-up runs before anything is installed, so a missing compiler or library
# is not an error while this file is read.
cc-option = $(shell $(CC) -Werror -O2 $(1) -c -x c -o /dev/null /dev/null 2>/dev/null && echo '$(1)')
package   = $(shell $(PKG_CONFIG) $(1) $(2) 2>/dev/null)

WERROR   ?= -Werror
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion

# Level 3 where compiler and C library know it: the C library warns otherwise.
hash := \#
fortify := $(shell echo '$(hash)include <features.h>' | \
	$(CC) -Werror -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -c -x c -o /dev/null - 2>/dev/null \
	&& echo 3 || echo 2)
hardening-compile := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$(fortify) -fstack-protector-strong \
	$(call cc-option,-fstack-clash-protection) $(call cc-option,-fcf-protection)
hardening-link := -Wl,-z,relro,-z,now -Wl,-O1,--hash-style=gnu,--as-needed
# A section a function, so that what an archive carries and nobody calls stays out.
sections := -ffunction-sections -fdata-sections
sections-link := -Wl,--gc-sections
# Every symbol of a shared object must be found while it is linked; the
# sanitizer runtime of clang is in the program only, so not there.
no-undefined := -Wl,-z,defs

# SANITIZE=1: AddressSanitizer and UndefinedBehaviorSanitizer.
# SANITIZE=fuzzer: these and libFuzzer's instrumentation (clang).
# COVERAGE=1: line counts for gcov.
ifdef SANITIZE
CFLAGS     ?= -O1 -g
mode       := -fsanitize=$(if $(filter fuzzer,$(SANITIZE)),fuzzer-no-link,undefined) \
	-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
mode-link  := $(mode)
# gcc sees ghosts in code that it has instrumented; the normal build warns.
mode       += $(call cc-option,-Wno-format-truncation) $(call cc-option,-Wno-maybe-uninitialized)
hardening-compile :=
sections-link :=
no-undefined := $(if $(findstring clang,$(CC)),,$(no-undefined))
else ifdef COVERAGE
CFLAGS     ?= -O0 -g
mode       := --coverage -fprofile-update=atomic
mode-link  := --coverage
hardening-compile :=
sections-link :=
else
CFLAGS     ?= -O2 -g
endif

external := libcjson libcrypto libxml-2.0 libcurl libarchive
external-cflags := $(call package,--cflags,$(external))
core-libs := $(or $(call package,--libs,libcjson libcrypto),-lcjson -lcrypto) -ldl -lm
plugin-libs := $(or $(call package,--libs,libcjson libcrypto libxml-2.0),-lcjson -lcrypto -lxml2) -lm
# What a test program may reach through the archives; --as-needed drops the rest.
test-libs := $(call package,--libs,check) $(call package,--libs,$(external)) -ldl -lm

OUR_CPPFLAGS := -D_GNU_SOURCE -DFRACTARY_VERSION='"$(VERSION)"'
OUR_CFLAGS   := -std=c11 $(WARNINGS) $(WERROR) $(hardening-compile) $(sections) $(mode)
OUR_LDFLAGS  := $(hardening-link) $(sections-link) $(mode-link)

core-flags   = $(OUR_CPPFLAGS) -Iinclude -Icore $(external-cflags) $(OUR_CFLAGS)
plugin-flags = $(OUR_CPPFLAGS) -Iinclude $(OUR_CFLAGS) -fPIC -fvisibility=hidden
test-flags   = $(core-flags) $(call package,--cflags,check) -fPIE -Itests -Itests/fakehost
compile      = $(CC) $(1) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
link-program = $(CC) $(OUR_CFLAGS) $(CFLAGS) -pie $(OUR_LDFLAGS) $(LDFLAGS) -o $@
link-shared  = $(CC) $(OUR_CFLAGS) $(CFLAGS) -shared $(no-undefined) $(OUR_LDFLAGS) $(LDFLAGS) -o $@

# $(eval $(call remember,FILE,text)): FILE gets a new time only when the text
# is another one, so that what depends on it is made anew when flags or lists
# of files change.
define remember
ifneq ($$(strip $$(file <$(1))),$$(strip content: $(2)))
$$(shell mkdir -p $(dir $(1)))
$$(file >$(1),content: $(2))
endif
endef

needs-no-build := help clean distclean format check-format uninstall install-built
building := $(if $(filter-out $(needs-no-build),$(or $(MAKECMDGOALS),all)),yes)
FLAGS := $(BUILD)/obj/flags
ifdef building
$(eval $(call remember,$(FLAGS),$(shell $(CC) --version 2>/dev/null | head -n 1) $(core-flags) $(CPPFLAGS) $(CFLAGS) $(OUR_LDFLAGS) $(LDFLAGS) $(core-libs) $(plugin-libs) $(test-libs) $(LDLIBS)))
endif
