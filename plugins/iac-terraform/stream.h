/* Reads what `-json` prints, line by line: changes become records as they
 * come, complaints are collected, counts are kept. */
#ifndef FRACTARY_IAC_TERRAFORM_STREAM_H
#define FRACTARY_IAC_TERRAFORM_STREAM_H

#include "report.h"

enum fr_tf_phase { FR_TF_INIT, FR_TF_PLAN, FR_TF_APPLY };

typedef struct fr_tf_counts {
    int64_t add, change, replace, destroy, import, move, forget, read;
} fr_tf_counts;

typedef struct fr_tf_stream {
    fr_tf *tf;
    const fractary_call *call;
    enum fr_tf_phase phase;
    fr_tf_report report;
    fr_tf_counts planned;
    int outputs;          /* outputs change                              */
    uint64_t drift, gone; /* resources that differ from the state, or went */
    uint64_t done, total; /* operations of an apply                      */
    uint64_t failed;      /* operations that ended in an error           */
    size_t messages;      /* lines that were JSON                        */
    size_t strays;        /* lines that were not                         */
    char stray[128];      /* the first of them                           */
    char version[32];     /* of the tool, as it says itself              */
    int tofu;
} fr_tf_stream;

void fr_tf_stream_init(fr_tf_stream *stream, fr_tf *tf, const fractary_call *call,
                       enum fr_tf_phase phase);
void fr_tf_stream_finish(fr_tf_stream *stream);

/* For fractary_process_request.line; `context` is the stream. */
int32_t fr_tf_stream_line(void *context, uint32_t stream, const char *text, uint64_t length);

/* Judges the end. `status` is what the start returned, `done` says whether the
 * exit code means success. Fills `error` and returns the status of the
 * command; the diagnostics stay in the report. */
int32_t fr_tf_stream_end(fr_tf_stream *stream, const char *label, int32_t status, int done,
                         fractary_error *error);

/* Emits the diagnostics, and what drift and stray lines amount to. */
int32_t fr_tf_stream_emit(fr_tf_stream *stream);

#endif
