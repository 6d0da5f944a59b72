#include "plugin/command_type.h"

#include <fractary-plugin/str.h>

/* Integers up to here are the same in JSON, a double and an int64_t. */
#define INTEGER_MAX (INT64_C(1) << 53)

static int is_flag(const fr_json *given)
{
    return fr_json_kind_of(given) == FR_JSON_BOOL;
}

static int is_text(const fr_json *given)
{
    return fr_json_string(given) != NULL;
}

static int is_name(const fr_json *given)
{
    return is_text(given) && *fr_json_string(given) != '\0';
}

/* Reads "-12"; non-zero on success. */
static int read_integer(const char *text, int64_t *out)
{
    const int negative = *text == '-';
    uint64_t digits;

    if (!fr_str_to_u64(text + negative, &digits) || digits > (uint64_t)INTEGER_MAX)
        return 0;
    *out = negative ? -(int64_t)digits : (int64_t)digits;
    return 1;
}

static int is_integer(const fr_json *given)
{
    const double number = fr_json_number(given, 0);
    int64_t ignored;

    if (is_text(given))
        return read_integer(fr_json_string(given), &ignored);
    if (fr_json_kind_of(given) != FR_JSON_NUMBER)
        return 0;
    return number >= -(double)INTEGER_MAX && number <= (double)INTEGER_MAX &&
           number == (double)(int64_t)number;
}

static fr_json *make_integer(const fr_json *given)
{
    int64_t number = 0;

    if (!is_text(given))
        return fr_json_copy(given);
    return read_integer(fr_json_string(given), &number) ? fr_json_new_int(number) : NULL;
}

static const fr_command_type types[] = {
    {"string", "a text", is_text, fr_json_copy},
    {"flag", "true or false", is_flag, fr_json_copy},
    {"integer", "a whole number", is_integer, make_integer},
    {"path", "a path", is_name, fr_json_copy},
    {"environment", "the name of an environment", is_name, fr_json_copy},
    {"stack", "the name of a stack", is_name, fr_json_copy},
};

const fr_command_type *fr_command_type_find(const char *name)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (fr_str_equal(types[i].name, name))
            return &types[i];
    }
    return NULL;
}

const fr_command_type *fr_command_type_of(const fr_json *parameter)
{
    const char *name = fr_json_get_string(parameter, "type");

    return name != NULL ? fr_command_type_find(name) : &types[0];
}

const char *fr_command_type_nearest(const fr_json *names, const char *word)
{
    const char *candidates[FR_COMMAND_LIST];
    size_t count = 0;

    for (const fr_json *e = fr_json_first(names); e && count < FR_COMMAND_LIST;
         e = fr_json_next(e)) {
        const char *name = fr_json_string(e);
        if (name == NULL)
            name = fr_json_get_string(e, "name");
        if (name != NULL)
            candidates[count++] = name;
    }
    return fr_str_nearest(word, candidates, count);
}
