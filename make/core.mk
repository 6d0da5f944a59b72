# The core: one archive a layer, the program, the plugin library, and the
# private modules that carry the outside libraries which are opened late.

# From the top down: each layer may use those to its right only.
layers := cli plugin service trust project base

main-source    := $(wildcard core/cli/main.c)
module-sources := $(foreach layer,$(layers),$(wildcard core/$(layer)/*_module.c))
layer-sources   = $(filter-out $(main-source) $(module-sources),$(wildcard core/$(1)/*.c))
core-objects    = $(patsubst core/%.c,$(BUILD)/obj/core/%.o,$(1))
pic-objects     = $(patsubst core/%.c,$(BUILD)/pic/core/%.o,$(1))

$(BUILD)/obj/core/%.o: core/%.c $(FLAGS)
	$(call quiet,CC,$<)mkdir -p $(@D) && $(call compile,$(core-flags) -fPIE)

$(BUILD)/pic/core/%.o: core/%.c $(FLAGS)
	$(call quiet,PIC,$<)mkdir -p $(@D) && $(call compile,$(core-flags) -fPIC -fvisibility=hidden)

# The schema is taken in by the assembler, which lists no dependencies, and is
# not told where to look when it is called at link time.
schema-objects := $(BUILD)/obj/core/project/config_schema.o $(BUILD)/pic/core/project/config_schema.o
$(schema-objects): core/project/config.schema.json
$(schema-objects): override CFLAGS += -fno-lto

# $(call archive,FILE,objects): an archive that is made anew, so that nothing
# stays of a source that is gone; its list file notices the going.
define archive
ifdef building
$(call remember,$(1).list,$(2))
endif
$(1): $(2) $(1).list
	$$(call quiet,AR,$$@)rm -f $$@ && $$(AR) rcs $$@ $(2)
endef

core-archives := $(foreach layer,$(layers),$(BUILD)/obj/core-$(layer).a)
$(foreach layer,$(layers),$(eval $(call archive,$(BUILD)/obj/core-$(layer).a,$(call core-objects,$(call layer-sources,$(layer))))))

# What plugins link, hidden: what the headers in include/fractary-plugin name.
plugin-library         := $(BUILD)/lib/libfractary-plugin.a
plugin-library-names   := $(basename $(notdir $(wildcard include/fractary-plugin/*.h)))
plugin-library-sources := $(sort $(foreach name,$(plugin-library-names),$(wildcard core/base/$(name).c core/base/$(name)_*.c)))
$(eval $(call archive,$(plugin-library),$(call pic-objects,$(plugin-library-sources))))

# The base layer once more for modules, which are shared objects.
pic-base := $(BUILD)/obj/pic-base.a
$(eval $(call archive,$(pic-base),$(call pic-objects,$(call layer-sources,base))))

# The one place that says which outside library a private module carries.
module-package-http    := libcurl
module-package-xml     := libxml-2.0
module-package-archive := libarchive

module-name = $(patsubst %_module,%,$(basename $(notdir $(1))))
module-file = $(BUILD)/lib/fractary/modules/$(call module-name,$(1)).so
modules    := $(foreach source,$(module-sources),$(call module-file,$(source)))

define module
$(call module-file,$(1)): $(call pic-objects,$(1)) $(pic-base) make/module.map
	$$(call quiet,LINK,$$@)mkdir -p $$(@D) && $$(link-shared) -Wl,--version-script=make/module.map \
		$(call pic-objects,$(1)) $(pic-base) \
		$(call package,--libs,$(module-package-$(call module-name,$(1)))) $$(core-libs) $$(LDLIBS)
endef
$(foreach source,$(module-sources),$(eval $(call module,$(source))))

program := $(if $(main-source),$(BUILD)/bin/fractary)
ifdef program
$(program): $(call core-objects,$(main-source)) $(core-archives)
	$(call quiet,LINK,$@)mkdir -p $(@D) && $(link-program) $^ $(core-libs) $(LDLIBS)
endif

ALL += $(program) $(core-archives) $(modules) $(plugin-library)
-include $(wildcard $(BUILD)/obj/core/*/*.d $(BUILD)/pic/core/*/*.d)
