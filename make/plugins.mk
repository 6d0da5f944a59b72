# Plugins, agents and skills: each folder with a plugin.json becomes
# <id>/<id>.so with its data files beside it. The folder is named after the id.

plugin-dirs := $(patsubst %/plugin.json,%,$(wildcard plugins/*/plugin.json agents/*/plugin.json skills/*/plugin.json))
plugin-root := $(BUILD)/lib/fractary/plugins

sources-in      = $(wildcard $(1)/*.c $(1)/*/*.c)
plugin-objects  = $(patsubst %.c,$(BUILD)/pic/%.o,$(call sources-in,$(1)))
data-in         = $(patsubst $(1)/%,%,$(wildcard $(1)/*.json $(1)/*.md) $(shell find $(1)/data -type f 2>/dev/null))
# $(call plugin-files,SOURCE-FOLDER,OUTPUT-ROOT): all files that it becomes.
plugin-files    = $(if $(call sources-in,$(1)),$(2)/$(notdir $(1))/$(notdir $(1)).so) \
	$(addprefix $(2)/$(notdir $(1))/,$(call data-in,$(1)))

define plugin-compile
$(BUILD)/pic/$(1)/%.o: $(1)/%.c $(FLAGS)
	$$(call quiet,CC,$$<)mkdir -p $$(@D) && $$(call compile,$$(plugin-flags))
endef
$(foreach root,plugins agents skills tests/mocks,$(eval $(call plugin-compile,$(root))))

define plugin-rules
$(2)/$(notdir $(1))/$(notdir $(1)).so: $(call plugin-objects,$(1)) $(plugin-library) make/plugin.map
	$$(call quiet,LINK,$$@)mkdir -p $$(@D) && $$(link-shared) -Wl,--version-script=make/plugin.map \
		$(call plugin-objects,$(1)) $(plugin-library) $$(plugin-libs) $$(LDLIBS)
$(addprefix $(2)/$(notdir $(1))/,$(call data-in,$(1))): $(2)/$(notdir $(1))/%: $(1)/%
	$$(call quiet,COPY,$$@)mkdir -p $$(@D) && $$(INSTALL) -m 644 $$< $$@
endef
$(foreach dir,$(plugin-dirs),$(eval $(call plugin-rules,$(dir),$(plugin-root))))

built-plugins := $(foreach dir,$(plugin-dirs),$(call plugin-files,$(dir),$(plugin-root)))

# A built tree runs in place, so a plugin whose source is gone must go, too.
ifdef building
stale-plugin-files := $(filter-out $(built-plugins),$(shell find $(plugin-root) -type f 2>/dev/null))
ifneq ($(stale-plugin-files),)
$(shell rm -f $(stale-plugin-files) && find $(plugin-root) -mindepth 1 -type d -empty -delete)
endif
endif

ALL += $(built-plugins)
-include $(shell find $(addprefix $(BUILD)/pic/,plugins agents skills tests) -name '*.d' 2>/dev/null)
