/*
 * The real standard output and error, moved out of reach of plugins: what
 * these print themselves goes to memory, and is told about at the end. So it
 * never gets between the records, and no reader that goes away stalls or kills
 * anything.
 *
 * In a build with AddressSanitizer standard error stays where it is: the
 * sanitizer's own report must not be lost with the process.
 */
#ifndef FRACTARY_CLI_CAPTURE_H
#define FRACTARY_CLI_CAPTURE_H

#include <fractary-plugin/buf.h>

#define FR_CAPTURE_STREAMS 2
/* What is told of it at most, in bytes. */
#define FR_CAPTURE_TOLD 2000
#define FR_CAPTURE_NAME 80

typedef struct fr_caught {
    int real;                     /* descriptor of the real one                   */
    int memory;                   /* that takes its place; -1: it was left alone  */
    char blamed[FR_CAPTURE_NAME]; /* plugin that was heard of next, or ""       */
} fr_caught;

typedef struct fr_capture {
    fr_caught streams[FR_CAPTURE_STREAMS]; /* output, error */
} fr_capture;

/* Moves both. FRACTARY_E_FAILED when the system refuses; nothing has changed
 * then. */
int32_t fr_capture_start(fr_capture *capture, fractary_error *error);
/* Looks whether something was printed since; `source` is who is blamed. */
void fr_capture_look(fr_capture *capture, const char *source);
/* Appends what was printed to a stream, cut to FR_CAPTURE_TOLD bytes; returns
 * how many bytes it was in all. */
uint64_t fr_capture_told(const fr_capture *capture, int stream, fr_buf *out);
/* Puts everything back. */
void fr_capture_stop(fr_capture *capture);

#endif
