/* What the fake host's own files share. */
#ifndef FRACTARY_TESTS_FAKEHOST_IMPL_H
#define FRACTARY_TESTS_FAKEHOST_IMPL_H

#include "fakehost.h"
#include <check.h>
#include <fractary-plugin/str.h>
#include <fractary-plugin/vec.h>

#define FR_FAKE_SEALS 8

typedef struct fr_fake_call {
    fractary_call table; /* first: the plugin's pointer is ours */
    fr_fakehost *host;
    int open;
} fr_fake_call;

typedef struct fr_fake_seal {
    char *name;
    int descriptor;
    char sha256[65];
} fr_fake_seal;

struct fr_fakehost {
    fractary_host table;
    char *root; /* folder of all folders */
    char *folders[4];
    fr_json *manifest;       /* or NULL */
    char *section, *project; /* texts that config/1 hands out */
    fr_json *environ, *identities, *tools;
    /* services */
    fractary_process process;
    fractary_files files;
    fractary_environ environ_table;
    fractary_config config;
    fractary_run run;
    fractary_identity identity;
    fractary_clock clock;
    fractary_progress progress;
    const fractary_http *http;
    void *http_context;
    void (*http_finish)(void *context);
    /* clock */
    int clock_set;
    uint64_t monotonic;
    int64_t now;
    /* the plugin */
    const fractary_plugin *plugin;
    void *instance;
    fr_vec calls; /* of fr_fake_call; they outlive their end */
    int cancelled;
    char *cancel_text;
    /* what happened */
    fr_vec records; /* of fr_json */
    fr_vec dumps;   /* of text, one for each record */
    fr_buf dump;
    size_t late;
    size_t progress_count;
    uint64_t progress_done, progress_total;
    /* processes */
    int really;
    fr_vec script; /* of fr_fake_process, owned texts */
    size_t next;
    fr_vec processes; /* of fr_json */
    fr_fake_seal seals[FR_FAKE_SEALS];
    size_t seal_count;
};

/* Fail the test where the ABI is broken. */
void fr_fake_check_call(const fr_fakehost *host, const fractary_call *call);
void fr_fake_check_error(const fractary_error *error);
void fr_fake_check_sink(const fractary_sink *sink);

/* Fill in the tables; fakehost_process.c, _files.c and _tables.c. */
void fr_fake_process_init(fr_fakehost *host);
void fr_fake_process_finish(fr_fakehost *host);
void fr_fake_files_init(fr_fakehost *host);
void fr_fake_run_init(fr_fakehost *host);
void fr_fake_run_finish(fr_fakehost *host);
void fr_fake_tables_init(fr_fakehost *host);

int32_t fr_fake_emit(const fractary_sink *sink, const char *text);
uint64_t fr_fake_monotonic(const fr_fakehost *host);
/* Sets `cancelled` when a line is the one that was waited for. */
void fr_fake_saw_line(fr_fakehost *host, const char *text, size_t length);

#endif
