# install and uninstall. The program finds its plugins in ../lib/fractary
# beside itself, so PREFIX may be anything and the tree may be moved.

PREFIX       ?= /usr/local
bindir       ?= $(PREFIX)/bin
libdir       ?= $(PREFIX)/lib
includedir   ?= $(PREFIX)/include
datadir      ?= $(PREFIX)/share
docdir       ?= $(datadir)/doc/fractary
mandir       ?= $(datadir)/man
pkgconfigdir ?= $(libdir)/pkgconfig
privatedir   := $(PREFIX)/lib/fractary

documents   := $(wildcard README.md ARCHITECTURE.md SECURITY.md CHANGELOG.md LICENSE) $(shell find docs -type f 2>/dev/null)
commands    := $(wildcard commands/*.md)
templates   := config.template.json config.schema.json
completions := $(wildcard packaging/completions/*)
manuals     := $(wildcard packaging/man/*.1)
examples    := $(shell find examples -type f -not -path '*/.*' 2>/dev/null)

# Lines "mode installed-path built-path", one a file.
installed-as = $(foreach file,$(2),$(1) $(3)/$(file) $(4)$(file)|)
install-list = \
	$(if $(program),755 $(bindir)/fractary $(program)|) \
	$(call installed-as,644,$(patsubst $(BUILD)/lib/fractary/%,%,$(built-plugins) $(modules)),$(privatedir),$(BUILD)/lib/fractary/) \
	644 $(libdir)/libfractary-plugin.a $(plugin-library)| \
	$(call installed-as,644,$(patsubst include/%,%,$(shell find include -name '*.h')),$(includedir),include/) \
	$(call installed-as,644,$(documents),$(docdir),) \
	$(call installed-as,644,$(examples),$(docdir),) \
	$(call installed-as,644,$(commands),$(datadir)/fractary,) \
	$(call installed-as,644,$(templates),$(datadir)/fractary,core/project/) \
	$(foreach file,$(completions),644 $(datadir)/$(if $(filter %.fish,$(file)),fish/vendor_completions.d,$(if $(filter %.zsh,$(file)),zsh/vendor-completions,bash-completion/completions))/$(notdir $(file)) $(file)|) \
	$(foreach file,$(manuals),644 $(mandir)/man1/$(notdir $(file)) $(file)|)

define do-install
	@printf '%s' '$(install-list)' | tr '|' '\n' | while read -r mode to from; do \
		test -z "$$to" || $(INSTALL) -D -m "$$mode" "$$from" "$(DESTDIR)$$to" || exit 1; \
	done
	@$(INSTALL) -d $(DESTDIR)$(pkgconfigdir)
	@sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(libdir)|' -e 's|@INCLUDEDIR@|$(includedir)|' \
		-e 's|@VERSION@|$(VERSION)|' packaging/fractary.pc.in >$(DESTDIR)$(pkgconfigdir)/fractary.pc
	@echo 'installed in $(DESTDIR)$(PREFIX)'
endef

.PHONY: install install-built uninstall
install: all ## Install below DESTDIR and PREFIX (/usr/local)
	$(do-install)

# The same without a build: what is there, whatever flags it was built with.
install-built:
	$(do-install)

uninstall: ## Remove what install puts there
	@printf '%s' '$(install-list)' | tr '|' '\n' | while read -r mode to from; do \
		test -z "$$to" || rm -f "$(DESTDIR)$$to"; \
	done
	@rm -f '$(DESTDIR)$(pkgconfigdir)/fractary.pc'
	@rm -rf '$(DESTDIR)$(privatedir)' '$(DESTDIR)$(includedir)/fractary' \
		'$(DESTDIR)$(includedir)/fractary-plugin' '$(DESTDIR)$(docdir)' '$(DESTDIR)$(datadir)/fractary'
