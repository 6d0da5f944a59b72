#include "ini.h"

#include "secret.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULTS "DEFAULT"

/* One line without its end, and without spaces at both ends. */
typedef struct line {
    const char *text;
    size_t length;
    size_t indent; /* bytes before the text */
} line;

typedef struct reader {
    const char *name; /* of the file, for messages */
    size_t number;    /* of the line, from 1       */
    fr_json *sections;
    size_t section_count, option_count;
    fr_json *section; /* the one that is being filled, or NULL */
    char *option;     /* the one whose value may go on, or NULL */
    fr_buf value;
    size_t indent; /* of the line that began the option */
    fractary_error *error;
} reader;

/* -------------------------------------------------------------------- lines */

static int is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f);
}

static line trim(const char *text, size_t length)
{
    line out = {text, length, 0};

    while (out.length > 0 && is_space(out.text[0])) {
        out.text++;
        out.length--;
        out.indent++;
    }
    while (out.length > 0 && is_space(out.text[out.length - 1]))
        out.length--;
    return out;
}

/* Length of the line at `text`; *skip counts its end, too. */
static size_t line_length(const char *text, size_t length, size_t *skip)
{
    size_t end = 0;

    while (end < length && text[end] != '\n' && text[end] != '\r')
        end++;
    *skip = end + (end < length);
    if (end + 1 < length && text[end] == '\r' && text[end + 1] == '\n')
        *skip = end + 2;
    return end;
}

static int32_t refuse(reader *r, int32_t status, const char *why)
{
    fr_error_set(r->error, status, "%s cannot be read", r->name);
    fr_error_cause(r->error, "Line %zu: %s.", r->number, why);
    fr_error_advice(r->error, "Mend that line; the AWS CLI refuses the file, too.");
    fr_error_place(r->error, "%s:%zu", r->name, r->number);
    return status;
}

/* ------------------------------------------------------------------ options */

/* A block of NAME = VALUE lines below an option. */
static int32_t parse_block(reader *r, const char *text, fr_json *block)
{
    while (*text != '\0') {
        const size_t length = strcspn(text, "\n");
        const line whole = trim(text, length);
        const char *equals = memchr(whole.text, '=', whole.length);
        text += length + (text[length] == '\n');
        if (whole.length == 0)
            continue;
        if (equals == NULL)
            return refuse(r, FRACTARY_E_INVALID, "a line of the block above has no =");
        const line key = trim(whole.text, (size_t)(equals - whole.text));
        const line value = trim(equals + 1, (size_t)(whole.text + whole.length - equals - 1));
        char *name = fr_str_ndup(key.text, key.length);
        char *content = fr_str_ndup(value.text, value.length);
        int32_t status = name != NULL && content != NULL ? FRACTARY_OK : FRACTARY_E_NOMEM;
        if (status == FRACTARY_OK)
            status = fr_json_set_string(block, name, content);
        free(name);
        free(content);
        if (status != FRACTARY_OK)
            return fr_error_nomem(r->error);
    }
    return FRACTARY_OK;
}

static void cut_trailing_space(fr_buf *value)
{
    while (value->length > 0 && is_space(value->data[value->length - 1]))
        value->data[--value->length] = '\0';
}

/* Stores the option that was read, once it is known where its value ends. */
static int32_t finish_option(reader *r)
{
    if (r->option == NULL)
        return FRACTARY_OK;
    cut_trailing_space(&r->value);
    int32_t status = FRACTARY_OK;
    fr_json *value = NULL;
    if (fr_buf_text(&r->value)[0] == '\n') {
        value = fr_json_object();
        status = parse_block(r, fr_buf_text(&r->value), value);
    } else {
        value = fr_json_new_string(fr_buf_text(&r->value));
    }
    if (status == FRACTARY_OK && (r->value.failed || value == NULL))
        status = fr_error_nomem(r->error);
    if (status == FRACTARY_OK && fr_json_set(r->section, r->option, value) != FRACTARY_OK)
        status = fr_error_nomem(r->error);
    else if (status != FRACTARY_OK)
        fr_json_free(value);
    free(r->option);
    r->option = NULL;
    fr_wipe(r->value.data, r->value.length);
    fr_buf_clear(&r->value);
    return status;
}

static char *lower_copy(const char *text, size_t length)
{
    char *copy = fr_str_ndup(text, length);

    for (char *c = copy; c != NULL && *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c + ('a' - 'A'));
    return copy;
}

static int32_t begin_option(reader *r, const line *l)
{
    size_t end = 0;

    while (end < l->length && l->text[end] != '=' && l->text[end] != ':')
        end++;
    const line name = trim(l->text, end);
    if (end == l->length || name.length == 0)
        return refuse(r, FRACTARY_E_INVALID, "it is neither a section nor NAME = VALUE");
    if (++r->option_count > FR_AWS_INI_OPTIONS)
        return refuse(r, FRACTARY_E_LIMIT, "the section has too many options");
    r->option = lower_copy(name.text, name.length);
    if (r->option == NULL)
        return fr_error_nomem(r->error);
    if (fr_json_get(r->section, r->option) != NULL)
        return refuse(r, FRACTARY_E_INVALID, "the option comes a second time in this section");
    const line value = trim(l->text + end + 1, l->length - end - 1);
    fr_buf_append(&r->value, value.text, value.length);
    return r->value.failed ? fr_error_nomem(r->error) : FRACTARY_OK;
}

/* ----------------------------------------------------------------- sections */

/* The name between the first and the last bracket; length 0: no section. */
static line section_name(const line *l)
{
    size_t end = l->length;

    if (l->length == 0 || l->text[0] != '[')
        return (line){l->text, 0, 0};
    while (end > 1 && l->text[end - 1] != ']')
        end--;
    return end > 2 ? (line){l->text + 1, end - 2, 0} : (line){l->text, 0, 0};
}

static int32_t begin_section(reader *r, const line *name)
{
    char *text = fr_str_ndup(name->text, name->length);
    int32_t status = FRACTARY_OK;

    if (text == NULL)
        return fr_error_nomem(r->error);
    r->section = fr_json_get(r->sections, text);
    if (r->section != NULL && strcmp(text, DEFAULTS) != 0)
        status = refuse(r, FRACTARY_E_INVALID, "the section comes a second time");
    if (status == FRACTARY_OK && r->section == NULL) {
        if (++r->section_count > FR_AWS_INI_SECTIONS)
            status = refuse(r, FRACTARY_E_LIMIT, "there are too many sections");
        else if (fr_json_set(r->sections, text, fr_json_object()) != FRACTARY_OK)
            status = fr_error_nomem(r->error);
        r->section = fr_json_get(r->sections, text);
        r->option_count = 0;
    }
    free(text);
    return status;
}

static int32_t put_defaults(const fr_json *defaults, fr_json *section)
{
    for (const fr_json *d = fr_json_first(defaults); d != NULL; d = fr_json_next(d))
        if (fr_json_get(section, fr_json_key(d)) == NULL &&
            fr_json_set(section, fr_json_key(d), fr_json_copy(d)) != FRACTARY_OK)
            return FRACTARY_E_NOMEM;
    return FRACTARY_OK;
}

/* Hands the options of [DEFAULT] to all other sections and removes it. */
static int32_t spread_defaults(reader *r)
{
    fr_json *defaults = fr_json_take(r->sections, DEFAULTS);
    int32_t status = FRACTARY_OK;

    for (fr_json *s = fr_json_first(r->sections); status == FRACTARY_OK && s != NULL;
         s = fr_json_next(s))
        status = put_defaults(defaults, s);
    fr_aws_json_wipe(defaults);
    return status == FRACTARY_OK ? status : fr_error_nomem(r->error);
}

/* ------------------------------------------------------------------ reading */

/* An empty line may be in the middle of a value; a comment is not even that. */
static int is_skipped(reader *r, const line *l)
{
    if (l->length == 0 && r->option != NULL)
        fr_buf_putc(&r->value, '\n');
    return l->length == 0 || l->text[0] == '#' || l->text[0] == ';';
}

static int32_t read_line(reader *r, const line *l)
{
    if (is_skipped(r, l))
        return FRACTARY_OK;
    if (r->option != NULL && l->indent > r->indent) {
        fr_buf_putc(&r->value, '\n');
        fr_buf_append(&r->value, l->text, l->length);
        return FRACTARY_OK;
    }
    const line section = section_name(l);
    const int32_t status = finish_option(r);
    if (status != FRACTARY_OK)
        return status;
    r->indent = l->indent;
    if (section.length > 0)
        return begin_section(r, &section);
    if (r->section == NULL)
        return refuse(r, FRACTARY_E_INVALID, "it stands before the first section");
    return begin_option(r, l);
}

static int32_t read_lines(reader *r, const char *text, size_t length)
{
    int32_t status = FRACTARY_OK;
    size_t skip;

    for (size_t at = 0; status == FRACTARY_OK && at < length; at += skip) {
        const size_t size = line_length(text + at, length - at, &skip);
        const line l = trim(text + at, size);
        r->number++;
        status = read_line(r, &l);
    }
    if (status == FRACTARY_OK)
        status = finish_option(r);
    return status == FRACTARY_OK ? spread_defaults(r) : status;
}

int32_t fr_aws_ini_parse(const char *name, const char *text, size_t length, fr_json **out,
                         fractary_error *error)
{
    reader r = {.name = name, .error = error, .sections = fr_json_object()};

    *out = NULL;
    if (r.sections == NULL)
        return fr_error_nomem(error);
    /* Values may be secrets, which must not be left behind as it grows. */
    int32_t status = fr_buf_reserve(&r.value, 4096);
    if (status != FRACTARY_OK)
        fr_error_nomem(error);
    else if (length > FR_AWS_INI_LIMIT)
        status = refuse(&r, FRACTARY_E_LIMIT, "the file is over 1 MiB");
    else if (!fr_str_is_utf8(text, length) || memchr(text, '\0', length) != NULL)
        status = refuse(&r, FRACTARY_E_INVALID, "the file is not UTF-8 text");
    else
        status = read_lines(&r, text, length);
    free(r.option);
    fr_buf_wipe(&r.value);
    if (status == FRACTARY_OK)
        *out = r.sections;
    else
        fr_aws_json_wipe(r.sections);
    return status;
}
