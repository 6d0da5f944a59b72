#include <fractary-plugin/error.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Writes no field that the caller's struct, which may be older, does not have. */
#define HAS_FIELD(error, field)                                                                    \
    ((error) != NULL && (error)->size >= offsetof(fractary_error, field) + sizeof((error)->field))

#define LARGEST FRACTARY_ERROR_CAUSE

/* Length of `text` without a character that was cut in its middle. */
static size_t whole_characters(const char *text, size_t length)
{
    size_t start = length;

    while (start > 0 && length - start < 4 && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
        start--;
    if (start == 0 || (unsigned char)text[start - 1] < 0xC0)
        return length;
    const unsigned char lead = (unsigned char)text[start - 1];
    const size_t wanted = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    return length - start < wanted ? start - 1 : length;
}

/* Formats into a text of its own first, because the arguments may lie in the
 * field that is being filled. */
static void format_text(char out[LARGEST], size_t room, const char *format, va_list arguments)
{
    const int length = vsnprintf(out, room, format, arguments);

    if (length < 0)
        out[0] = '\0';
    else if ((size_t)length >= room)
        out[whole_characters(out, room - 1)] = '\0';
}

static int32_t fill(fractary_error *error, char *field, size_t room, const char *format,
                    va_list arguments)
{
    char text[LARGEST];

    format_text(text, room, format, arguments);
    memcpy(field, text, strlen(text) + 1);
    return error->status;
}

int32_t fr_error_set(fractary_error *error, int32_t status, const char *format, ...)
{
    if (!HAS_FIELD(error, place))
        return status;

    va_list arguments;
    va_start(arguments, format);
    error->status = status;
    fill(error, error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    error->cause[0] = '\0';
    error->advice[0] = '\0';
    error->place[0] = '\0';
    return status;
}

int32_t fr_error_cause(fractary_error *error, const char *format, ...)
{
    if (!HAS_FIELD(error, cause))
        return FRACTARY_E_FAILED;

    va_list arguments;
    va_start(arguments, format);
    const int32_t status = fill(error, error->cause, sizeof error->cause, format, arguments);
    va_end(arguments);
    return status;
}

int32_t fr_error_advice(fractary_error *error, const char *format, ...)
{
    if (!HAS_FIELD(error, advice))
        return FRACTARY_E_FAILED;

    va_list arguments;
    va_start(arguments, format);
    const int32_t status = fill(error, error->advice, sizeof error->advice, format, arguments);
    va_end(arguments);
    return status;
}

int32_t fr_error_place(fractary_error *error, const char *format, ...)
{
    if (!HAS_FIELD(error, place))
        return FRACTARY_E_FAILED;

    va_list arguments;
    va_start(arguments, format);
    const int32_t status = fill(error, error->place, sizeof error->place, format, arguments);
    va_end(arguments);
    return status;
}

fractary_error *fr_error_copy(const fractary_error *error)
{
    fractary_error *copy = malloc(sizeof *copy);

    if (copy != NULL)
        *copy = *error;
    return copy;
}

int32_t fr_error_nomem(fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_NOMEM, "memory is exhausted");
    fr_error_cause(error, "the system refused to give more");
    fr_error_advice(error, "close other programs or raise the memory limit, then try again");
    return FRACTARY_E_NOMEM;
}
