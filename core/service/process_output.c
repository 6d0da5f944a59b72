#include "service/process_output.h"

#include <errno.h>
#include <fcntl.h>
#include <fractary-plugin/str.h>
#include <fractary/host.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file_error.h"

#define PIECE      (64u * 1024)
#define MAX_NUMBER 100000

/* ------------------------------------------------------------------ opening */

static int32_t open_memory(fr_output *output, const char *label, fractary_error *error)
{
    output->descriptor = memfd_create(label, MFD_CLOEXEC);
    if (output->descriptor >= 0 && fcntl(output->descriptor, F_SETFL, O_APPEND) == 0)
        return FRACTARY_OK;
    fr_error_set(error, FRACTARY_E_IO, "no memory for the output of %s", label);
    fr_error_cause(error, "%s", strerror(errno));
    return FRACTARY_E_IO;
}

/* FRACTARY_E_EXISTS when the name is taken. */
static int32_t open_file(fr_output *output, const char *folder, const char *label, unsigned number,
                         fractary_error *error)
{
    const char *ending = output->stream == FRACTARY_STDOUT ? "out" : "err";
    char *path = fr_str_format("%s/%s.%u.%s", folder, label, number, ending);

    if (path == NULL)
        return fr_error_nomem(error);
    int32_t status = FRACTARY_OK;
    output->descriptor =
        open(path, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (output->descriptor < 0)
        status = errno == EEXIST ? FRACTARY_E_EXISTS : fr_file_error(error, "make", path, errno);
    free(path);
    return status;
}

static int32_t open_files(fr_output *out, fr_output *err, const char *folder, const char *label,
                          unsigned *number, fractary_error *error)
{
    int32_t status = FRACTARY_E_EXISTS;

    for (; status == FRACTARY_E_EXISTS && *number < MAX_NUMBER; ++*number) {
        fr_output_finish(out);
        status = open_file(out, folder, label, *number, error);
        if (status == FRACTARY_OK)
            status = open_file(err, folder, label, *number, error);
    }
    if (status == FRACTARY_E_EXISTS)
        return fr_error_set(error, FRACTARY_E_LIMIT, "%s has no free name for the output of %s",
                            folder, label);
    return status;
}

int32_t fr_output_open(fr_output *out, fr_output *err, const char *folder, const char *label,
                       unsigned *number, fractary_error *error)
{
    *out = (fr_output){.descriptor = -1, .stream = FRACTARY_STDOUT, .secret = folder == NULL};
    *err = (fr_output){.descriptor = -1, .stream = FRACTARY_STDERR, .secret = folder == NULL};
    if (folder != NULL)
        return open_files(out, err, folder, label, number, error);
    const int32_t status = open_memory(out, label, error);
    return status == FRACTARY_OK ? open_memory(err, label, error) : status;
}

void fr_output_finish(fr_output *output)
{
    if (output->descriptor >= 0)
        close(output->descriptor);
    output->descriptor = -1;
    if (output->secret)
        fr_buf_wipe(&output->partial);
    else
        fr_buf_finish(&output->partial);
}

/* ------------------------------------------------------------------ reading */

static void hand_on(const fr_output *output, fr_output_reader *reader, const char *text,
                    size_t length)
{
    if (reader->line != NULL && reader->status == FRACTARY_OK)
        reader->status = reader->line(reader->context, output->stream, text, length);
}

static void empty_partial(fr_output *output)
{
    if (output->secret && output->partial.data != NULL)
        fr_wipe(output->partial.data, output->partial.length);
    /* A line of many megabytes is rare: do not keep its room. */
    if (output->partial.capacity > FR_OUTPUT_TURN)
        fr_buf_finish(&output->partial);
    else
        fr_buf_clear(&output->partial);
}

void fr_output_flush(fr_output *output, fr_output_reader *reader)
{
    if (output->partial.length > 0)
        hand_on(output, reader, output->partial.data, output->partial.length);
    empty_partial(output);
}

/* A whole line; its end in `text` was made a NUL. Most lines lie in one piece
 * and are not copied. */
static int32_t take_line(fr_output *output, fr_output_reader *reader, const char *text,
                         size_t length)
{
    if (output->partial.length == 0) {
        hand_on(output, reader, text, length);
        return FRACTARY_OK;
    }
    const int32_t status = fr_buf_append(&output->partial, text, length);
    if (status == FRACTARY_OK)
        fr_output_flush(output, reader);
    return status;
}

static int32_t take_piece(fr_output *output, fr_output_reader *reader, char *data, size_t length)
{
    int32_t status = FRACTARY_OK;

    while (length > 0 && status == FRACTARY_OK) {
        char *end = memchr(data, '\n', length);
        if (end == NULL)
            break;
        const size_t line = (size_t)(end - data);
        *end = '\0';
        status = take_line(output, reader, data, line);
        data += line + 1;
        length -= line + 1;
    }
    if (status == FRACTARY_OK && length > 0)
        status = fr_buf_append(&output->partial, data, length);
    if (output->partial.length >= FR_OUTPUT_LINE_MAX)
        fr_output_flush(output, reader);
    return status;
}

/* One read; *got is its length, 0 at the end of what is there. */
static int32_t read_piece(fr_output *output, fr_output_reader *reader, char *piece, size_t *got,
                          fractary_error *error)
{
    ssize_t length;

    do
        length = pread(output->descriptor, piece, PIECE, (off_t)output->offset);
    while (length < 0 && errno == EINTR);
    *got = length > 0 ? (size_t)length : 0;
    if (length < 0)
        return fr_file_error(error, "read", "the output of a child", errno);
    output->offset += *got;
    return take_piece(output, reader, piece, *got) == FRACTARY_OK ? FRACTARY_OK
                                                                  : fr_error_nomem(error);
}

int32_t fr_output_read(fr_output *output, fr_output_reader *reader, int *more,
                       fractary_error *error)
{
    const uint64_t limit = output->offset + FR_OUTPUT_TURN;
    char *piece = malloc(PIECE);
    int32_t status = FRACTARY_OK;
    size_t got = 1;

    *more = 0;
    if (piece == NULL)
        return fr_error_nomem(error);
    while (status == FRACTARY_OK && got > 0 && output->offset < limit)
        status = read_piece(output, reader, piece, &got, error);
    *more = status == FRACTARY_OK && got > 0;
    if (output->secret)
        fr_wipe(piece, PIECE);
    free(piece);
    return status;
}
