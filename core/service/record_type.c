#include "service/record_type.h"

#include <fractary-plugin/str.h>

/* Synced are those that prove what was decided and done. */
static const fr_record_type types[] = {
    /* name        core journaled shown synced */
    {"change",     0,   1,        1,    1},
    {"plan",       0,   1,        1,    1},
    {"approval",   1,   1,        1,    1},
    {"guard",      1,   1,        1,    1},
    {"registry",   1,   1,        1,    1},
    {"result",     1,   1,        1,    1},
    {"process",    1,   1,        0,    0},
    {"progress",   0,   0,        1,    0},
    {"stream",     1,   0,        1,    0},
};

static const fr_record_type other = {"", 0, 1, 1, 0};

const fr_record_type *fr_record_type_of(const char *name)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (fr_str_equal(types[i].name, name))
            return &types[i];
    return &other;
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
    if (fr_record_type_of(type)->core)
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
