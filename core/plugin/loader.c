#include "plugin/loader.h"

#include "base/path.h"
#include "plugin/methods.h"

#include <dlfcn.h>
#include <elf.h>
#include <fractary-plugin/str.h>
#include <link.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define ENTRY        "fractary_plugin_entry"
#define MODULE_ENTRY "fractary_module_entry"
#define WHAT_MAX     384

/* What an entry had in 1.0; never changes. */
#define ENTRY_MINIMUM                                                                              \
    ((uint32_t)(offsetof(fractary_plugin, get_interface) +                                         \
                sizeof(((fractary_plugin *)0)->get_interface)))

/* The library that is being looked at, and where complaints go. */
typedef struct looking {
    const fr_manifest *manifest;
    void *library;
    const void *symbol;
    uint64_t symbol_size;
    fractary_error *error;
} looking;

static int32_t refuse(const looking *l, int32_t status, const char *format, ...) FR_PRINTF(3, 4);

/* One sentence: the plugin, the file, what is wrong. */
static int32_t refuse(const looking *l, int32_t status, const char *format, ...)
{
    char what[WHAT_MAX];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    fr_error_set(l->error, status, "the plugin %s cannot be loaded: %s %s", l->manifest->id,
                 fr_path_name(l->manifest->library), what);
    fr_error_advice(l->error, "install it anew, or ask whoever makes it");
    fr_error_place(l->error, "%s", l->manifest->library);
    return status;
}

/* Lazy binding would end the process later, in the middle of something; and
 * no plugin is to see the symbols of another. */
static void *open_library(const char *file)
{
    return dlopen(file, RTLD_NOW | RTLD_LOCAL);
}

static int32_t find_symbol(looking *l)
{
    l->library = open_library(l->manifest->library);
    if (l->library == NULL) {
        refuse(l, FRACTARY_E_FAILED, "cannot be opened");
        fr_error_cause(l->error, "%s", dlerror());
        return FRACTARY_E_FAILED;
    }
    l->symbol = dlsym(l->library, ENTRY);
    if (l->symbol == NULL)
        return refuse(l, FRACTARY_E_PROTOCOL, "does not export " ENTRY);
    return FRACTARY_OK;
}

/* dlsym() also finds what a library that this one links exports. */
static int32_t check_owner(looking *l)
{
    struct link_map *own = NULL;
    void *owner = NULL;
    Dl_info info;

    if (dlinfo(l->library, RTLD_DI_LINKMAP, &own) != 0 ||
        dladdr1(l->symbol, &info, &owner, RTLD_DL_LINKMAP) == 0 || owner != own)
        return refuse(l, FRACTARY_E_PROTOCOL, "does not itself export " ENTRY);
    return FRACTARY_OK;
}

static int32_t check_symbol(looking *l)
{
    void *extra = NULL;
    Dl_info info;

    if (dladdr1(l->symbol, &info, &extra, RTLD_DL_SYMENT) == 0 || extra == NULL)
        return refuse(l, FRACTARY_E_PROTOCOL, "has no entry for " ENTRY " in its symbol table");
    const ElfW(Sym) *symbol = extra;
    if (ELF64_ST_TYPE(symbol->st_info) != STT_OBJECT || info.dli_saddr != l->symbol)
        return refuse(l, FRACTARY_E_PROTOCOL, "exports " ENTRY " as something other than data");
    if (symbol->st_size < ENTRY_MINIMUM)
        return refuse(l, FRACTARY_E_PROTOCOL,
                      "exports " ENTRY " with %lu bytes, at least %u are due",
                      (unsigned long)symbol->st_size, ENTRY_MINIMUM);
    l->symbol_size = symbol->st_size;
    return FRACTARY_OK;
}

static int32_t copy_entry(const looking *l, fractary_plugin *out)
{
    uint32_t size;

    memcpy(&size, l->symbol, sizeof size);
    if (size < ENTRY_MINIMUM || size > FR_TABLE_MAX || size > l->symbol_size)
        return refuse(l, FRACTARY_E_PROTOCOL,
                      "says that its entry has %u bytes, which is not between %u and %u", size,
                      ENTRY_MINIMUM,
                      (unsigned)(l->symbol_size < FR_TABLE_MAX ? l->symbol_size : FR_TABLE_MAX));
    memset(out, 0, sizeof *out);
    memcpy(out, l->symbol, size < sizeof *out ? size : sizeof *out);
    return FRACTARY_OK;
}

static int32_t check_version(const looking *l, const fractary_plugin *entry)
{
    const fr_manifest *manifest = l->manifest;

    if (entry->abi >> 16 != FRACTARY_ABI_MAJOR)
        return refuse(l, FRACTARY_E_PROTOCOL, "is built for ABI %u.%u, this fractary has %u.%u",
                      entry->abi >> 16, entry->abi & 0xFFFFu, FRACTARY_ABI_MAJOR,
                      FRACTARY_ABI_MINOR);
    if (!fr_str_equal(entry->id, manifest->id))
        return refuse(l, FRACTARY_E_PROTOCOL, "says that it is \"%.80s\"",
                      entry->id != NULL ? entry->id : "");
    if (!fr_str_equal(entry->version, manifest->version))
        return refuse(l, FRACTARY_E_PROTOCOL,
                      "is version \"%.80s\", its plugin.json says \"%.80s\"",
                      entry->version != NULL ? entry->version : "", manifest->version);
    return FRACTARY_OK;
}

static int32_t check_slots(const looking *l, const fractary_plugin *entry)
{
    if (entry->create == NULL)
        return refuse(l, FRACTARY_E_PROTOCOL, "has no create, which is mandatory");
    if (entry->destroy == NULL)
        return refuse(l, FRACTARY_E_PROTOCOL, "has no destroy, which is mandatory");
    if (entry->get_interface == NULL)
        return refuse(l, FRACTARY_E_PROTOCOL, "has no get_interface, which is mandatory");
    return FRACTARY_OK;
}

int32_t fr_loader_open(const fr_manifest *manifest, fractary_plugin *out, fractary_error *error)
{
    looking l = {.manifest = manifest, .error = error};
    int32_t status = find_symbol(&l);

    if (status == FRACTARY_OK)
        status = check_owner(&l);
    if (status == FRACTARY_OK)
        status = check_symbol(&l);
    if (status == FRACTARY_OK)
        status = copy_entry(&l, out);
    if (status == FRACTARY_OK)
        status = check_version(&l, out);
    if (status == FRACTARY_OK)
        status = check_slots(&l, out);
    return status;
}

const void *fr_loader_open_module(const char *file, fractary_error *error)
{
    void *library = open_library(file);
    const void *entry = library != NULL ? dlsym(library, MODULE_ENTRY) : NULL;

    if (entry != NULL)
        return entry;
    fr_error_set(error, FRACTARY_E_MISSING, "a part of fractary cannot be opened: %s",
                 fr_path_name(file));
    fr_error_cause(error, "%s", library != NULL ? "it does not export " MODULE_ENTRY : dlerror());
    fr_error_advice(error, "install fractary anew, with the libraries that it needs");
    fr_error_place(error, "%s", file);
    return NULL;
}
