#include "service/record_type.h"

#include <fractary-plugin/str.h>
#include <string.h>

/* Synced are those that prove what was decided and done. */
static const struct {
    const char *name;
    unsigned flags;
} types[] = {
    {"approval", FR_RECORD_CORE | FR_RECORD_SYNCED},
    {"change", FR_RECORD_SYNCED},
    {"guard", FR_RECORD_CORE | FR_RECORD_SYNCED},
    {"plan", FR_RECORD_SYNCED},
    {"process", FR_RECORD_CORE | FR_RECORD_UNSEEN},
    {"progress", FR_RECORD_UNWRITTEN},
    {"registry", FR_RECORD_CORE | FR_RECORD_SYNCED},
    {"result", FR_RECORD_CORE | FR_RECORD_SYNCED},
    {"stack", FR_RECORD_CORE | FR_RECORD_SYNCED},
    {"stream", FR_RECORD_CORE | FR_RECORD_UNWRITTEN},
};

/* Hundreds of these come before anything happens, and are on the disk with the
 * first that matters: the journal is one file. */
static int can_wait(const fr_json *record)
{
    const char *status = fr_json_get_string(record, "status");

    return fr_str_equal(status, "planned") || fr_str_equal(status, "running");
}

unsigned fr_record_flags(const fr_json *record)
{
    const char *type = fr_json_get_string(record, "type");

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (fr_str_equal(types[i].name, type))
            return can_wait(record) ? types[i].flags & ~FR_RECORD_SYNCED : types[i].flags;
    return 0;
}

static const char *find_fault(const fr_json *record)
{
    const char *type = fr_json_get_string(record, "type");
    const char *message = fr_json_get_string(record, "message");

    if (fr_json_kind_of(record) != FR_JSON_OBJECT)
        return "a record is one JSON object";
    if (type == NULL || *type == '\0')
        return "a record needs a \"type\"";
    if (message == NULL || *message == '\0')
        return "a record needs a \"message\"";
    if (fr_record_flags(record) & FR_RECORD_CORE)
        return "a record of that type comes from the core alone";
    return NULL;
}

fr_json *fr_record_check(const char *json, uint64_t length, const char **why)
{
    *why = NULL;
    if (json == NULL || length > FRACTARY_RECORD_MAX) {
        *why = json == NULL ? "a record is one JSON object" : "a record has at most 64 KiB";
        return NULL;
    }
    fr_json_fault fault = {0};
    fr_json *record = fr_json_parse(json, (size_t)length, &fault);
    if (record == NULL)
        *why = fault.line == 0 ? "memory is exhausted" : "a record is well-formed JSON";
    else
        *why = find_fault(record);
    if (*why == NULL)
        return record;
    fr_json_free(record);
    return NULL;
}

static int is_one_line(const char *text, uint64_t length)
{
    return memchr(text, '\n', length) == NULL && memchr(text, '\r', length) == NULL;
}

static int is_resource(fractary_string_view type)
{
    static const char quoted[] = "\"resource\"";

    return type.length == sizeof quoted - 1 && memcmp(type.data, quoted, type.length) == 0;
}

static int is_in_stamp(const fr_json_part *part)
{
    return fr_json_part_is(part, "seq") || fr_json_part_is(part, "time") ||
           fr_json_part_is(part, "run") || fr_json_part_is(part, "source");
}

/* What a stamp has is the core's to write. */
static int is_stamped(const fr_json_outline *outline)
{
    int found = 0;

    for (size_t i = 0; i < outline->count; i++)
        found |= outline->parts[i].parent == NULL && is_in_stamp(&outline->parts[i]);
    return found;
}

int fr_record_check_resource(const char *json, uint64_t length, fr_json_outline *outline)
{
    if (json == NULL || length > FRACTARY_RECORD_MAX || !is_one_line(json, length) ||
        !fr_json_outline_read(json, length, outline))
        return 0;
    const fr_json_part *type = fr_json_outline_find(outline, NULL, "type");
    const fr_json_part *message = fr_json_outline_find(outline, NULL, "message");
    const fr_json_part *resource = fr_json_outline_find(outline, NULL, "resource");
    return type != NULL && is_resource(type->value) && message != NULL &&
           fr_json_part_has_text(message) && resource != NULL && resource->value.data[0] == '{' &&
           !is_stamped(outline);
}
