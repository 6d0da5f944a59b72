/* What a child writes: each stream into a file of its own, never a pipe, so
 * that a child goes on when we do not read, or are gone; and the reading of
 * such a file while it grows, line by line. */
#ifndef FRACTARY_SERVICE_PROCESS_OUTPUT_H
#define FRACTARY_SERVICE_PROCESS_OUTPUT_H

#include <fractary-plugin/buf.h>

/* A longer line comes in pieces of about this size. */
#define FR_OUTPUT_LINE_MAX (16u * 1024 * 1024)
/* What one stream takes in before the other and everything else have a turn. */
#define FR_OUTPUT_TURN (4u * 1024 * 1024)

/* Who gets the lines; as in fractary_process_request. */
typedef struct fr_output_reader {
    void *context;
    int32_t (*line)(void *context, uint32_t stream, const char *text, uint64_t length);
    int32_t status; /* what `line` answered last; other than FRACTARY_OK it is
                     * not called any more                                     */
} fr_output_reader;

/* One stream. Zeroed memory is a valid one without a file but for
 * `descriptor`, which must be -1. */
typedef struct fr_output {
    int descriptor;  /* appends; handed to the child, read with pread()        */
    uint32_t stream; /* FRACTARY_STDOUT, FRACTARY_STDERR                       */
    int secret;      /* wipe what was read                                     */
    uint64_t offset;
    fr_buf partial; /* a line whose end was not written yet                   */
} fr_output;

/* Opens `<folder>/<label>.<n>.out` and `.err` (0600, new files) with the first
 * `n` that is free from *number on, and moves *number behind it. `folder` NULL:
 * nameless memory instead, wiped as it is read. FRACTARY_E_IO. */
int32_t fr_output_open(fr_output *out, fr_output *err, const char *folder, const char *label,
                       unsigned *number, fractary_error *error);
void fr_output_finish(fr_output *output);

/* Reads what is there, up to FR_OUTPUT_TURN bytes, and hands on the whole
 * lines. *more: there is more to read at once. FRACTARY_E_IO, _E_NOMEM. */
int32_t fr_output_read(fr_output *output, fr_output_reader *reader, int *more,
                       fractary_error *error);
/* Hands on a last line that has no end. */
void fr_output_flush(fr_output *output, fr_output_reader *reader);

#endif
