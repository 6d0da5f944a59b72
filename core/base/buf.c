#include <fractary-plugin/buf.h>

#include <fractary-plugin/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMALLEST 64

void fr_buf_finish(fr_buf *buf)
{
    if (buf == NULL)
        return;
    free(buf->data);
    *buf = (fr_buf){0};
}

void fr_buf_finish_part(fr_buf *part, fr_buf *whole)
{
    whole->failed |= part->failed;
    fr_buf_finish(part);
}

void fr_buf_wipe(fr_buf *buf)
{
    if (buf == NULL)
        return;
    fr_wipe(buf->data, buf->capacity);
    fr_buf_finish(buf);
}

void fr_buf_clear(fr_buf *buf)
{
    buf->length = 0;
    buf->failed = 0;
    if (buf->data != NULL)
        buf->data[0] = '\0';
}

static int32_t fail(fr_buf *buf)
{
    buf->failed = 1;
    return FRACTARY_E_NOMEM;
}

int32_t fr_buf_reserve(fr_buf *buf, size_t length)
{
    if (buf->failed)
        return FRACTARY_E_NOMEM;
    if (buf->capacity - buf->length > length)
        return FRACTARY_OK;
    if (length >= SIZE_MAX / 2 - buf->length)
        return fail(buf);

    size_t capacity = buf->length + length + 1;
    if (capacity < buf->capacity * 2)
        capacity = buf->capacity * 2;
    if (capacity < SMALLEST)
        capacity = SMALLEST;
    char *data = realloc(buf->data, capacity);
    if (data == NULL)
        return fail(buf);
    data[buf->length] = '\0';
    buf->data = data;
    buf->capacity = capacity;
    return FRACTARY_OK;
}

int32_t fr_buf_append(fr_buf *buf, const void *data, size_t length)
{
    const int32_t status = fr_buf_reserve(buf, length);

    if (status != FRACTARY_OK)
        return status;
    if (length > 0)
        memcpy(buf->data + buf->length, data, length);
    buf->length += length;
    buf->data[buf->length] = '\0';
    return FRACTARY_OK;
}

int32_t fr_buf_puts(fr_buf *buf, const char *text)
{
    return fr_buf_append(buf, text, text != NULL ? strlen(text) : 0);
}

int32_t fr_buf_putc(fr_buf *buf, char c)
{
    return fr_buf_append(buf, &c, 1);
}

int32_t fr_buf_printf(fr_buf *buf, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    const int32_t status = fr_buf_vprintf(buf, format, arguments);
    va_end(arguments);
    return status;
}

/* Tries with the room that there is; most texts fit and are formatted once. */
int32_t fr_buf_vprintf(fr_buf *buf, const char *format, va_list arguments)
{
    const size_t room = buf->failed ? 0 : buf->capacity - buf->length;
    va_list again;

    va_copy(again, arguments);
    const int length =
        vsnprintf(room > 0 ? buf->data + buf->length : NULL, room, format, arguments);
    int32_t status = length < 0 ? fail(buf) : fr_buf_reserve(buf, (size_t)length);
    if (status == FRACTARY_OK) {
        if ((size_t)length >= room)
            vsnprintf(buf->data + buf->length, (size_t)length + 1, format, again);
        buf->length += (size_t)length;
    } else if (room > 0) {
        buf->data[buf->length] = '\0';
    }
    va_end(again);
    return status;
}

const char *fr_buf_text(const fr_buf *buf)
{
    return buf->data != NULL ? buf->data : "";
}

char *fr_buf_steal(fr_buf *buf)
{
    char *text = NULL;

    if (fr_buf_reserve(buf, 0) == FRACTARY_OK) {
        text = buf->data;
        buf->data = NULL;
    }
    fr_buf_finish(buf);
    return text;
}

static int32_t emit(void *context, const char *data, uint64_t length)
{
    return length > SIZE_MAX / 2 ? fail(context) : fr_buf_append(context, data, (size_t)length);
}

fractary_sink fr_buf_sink(fr_buf *buf)
{
    return (fractary_sink){.context = buf, .emit = emit};
}
