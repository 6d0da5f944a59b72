/*
 * A host for tests of plugins: it offers every service of fractary/host.h,
 * scripted or on real temporary folders, and fails the test (Check) when the
 * plugin breaks a rule of the ABI: a wrong size, a call that is over, a record
 * that is no JSON object with `type` and `message` or is over 64 KiB, a service
 * or a path that its manifest does not name.
 *
 * One host serves one instance. Its folders:
 *   project/  {project}, where config/1 says the root is
 *   data/     {data}, run/1.data()
 *   scratch/  run/1.scratch()
 *   home/     "~" of the manifest's "files"
 *
 *     fr_fakehost *host = fr_fakehost_create("plugins/iac-terraform/plugin.json");
 *     fr_fakehost_section(host, "{\"directory\":\".\"}");
 *     void *instance = fr_fakehost_start(host, &fractary_plugin_entry);
 *     const fractary_iac *iac = fr_fakehost_interface(host, FRACTARY_IAC_1);
 *     const fractary_call *call = fr_fakehost_begin(host, 0);
 *     iac->show(instance, call, &request, &error);
 *     fr_fakehost_end(host);
 *     … fr_fakehost_find(host, "resource", 0) …
 *     fr_fakehost_destroy(host);
 */
#ifndef FRACTARY_TESTS_FAKEHOST_H
#define FRACTARY_TESTS_FAKEHOST_H

#include <fractary-plugin/json.h>
#include <fractary/fractary.h>

typedef struct fr_fakehost fr_fakehost;

/* `manifest`: path of a plugin.json below $FRACTARY_SOURCE, whose needs, files
 * and environ are honoured; NULL: everything is given. Fails the test itself,
 * as every function here does. */
fr_fakehost *fr_fakehost_create(const char *manifest);
/* Destroys the instance, fails when scripted processes were not run, removes
 * the folders. Accepts NULL. */
void fr_fakehost_destroy(fr_fakehost *host);

const fractary_host *fr_fakehost_table(fr_fakehost *host);
/* create() of the plugin, which must succeed; the instance is destroyed with
 * the host. _try returns what create() returned. */
void *fr_fakehost_start(fr_fakehost *host, const fractary_plugin *plugin);
int32_t fr_fakehost_try_start(fr_fakehost *host, const fractary_plugin *plugin, void **instance,
                              fractary_error *error);
/* destroy() of the plugin; it may be started again, as the next command would. */
void fr_fakehost_stop(fr_fakehost *host);
const void *fr_fakehost_interface(fr_fakehost *host, const char *id);

/* A call; one at a time. `deadline` in nanoseconds of the host's clock, 0:
 * none. After fr_fakehost_end() its sink answers FRACTARY_E_PROTOCOL and
 * counts what still comes. Ended by begin() and destroy() as well. */
const fractary_call *fr_fakehost_begin(fr_fakehost *host, uint64_t deadline);
void fr_fakehost_end(fr_fakehost *host);
size_t fr_fakehost_late(const fr_fakehost *host); /* emits after the end */

/* ---------------------------------------------------------------- settings */

void fr_fakehost_section(fr_fakehost *host, const char *json); /* config/1.section() */
/* Merged (RFC 7396) over what config/1.project() says. */
void fr_fakehost_project(fr_fakehost *host, const char *json);
void fr_fakehost_setenv(fr_fakehost *host, const char *name, const char *value);
/* What identity/1.describe() answers; with a `status` other than FRACTARY_OK it
 * fails so. An unknown purpose is FRACTARY_E_CONFIG. */
void fr_fakehost_identity(fr_fakehost *host, const char *purpose, const char *json, int32_t status);
/* A clock that stands still until it is set anew or somebody waits; without
 * this call it is the real one. */
void fr_fakehost_clock(fr_fakehost *host, uint64_t monotonic, int64_t now_ms);
/* Ctrl-C: from now on (or from the next line of a child's output that has
 * `text` in it) cancelled() is true. */
void fr_fakehost_cancel(fr_fakehost *host);
void fr_fakehost_cancel_on(fr_fakehost *host, const char *text);
void fr_fakehost_resume(fr_fakehost *host); /* as if nobody had interrupted */
/* The table that service(FRACTARY_HTTP_1) gives; `finish` (may be NULL) runs
 * when the host is destroyed. */
void fr_fakehost_use_http(fr_fakehost *host, const fractary_http *table, void *context,
                          void (*finish)(void *context));

/* ----------------------------------------------------------------- folders */

/* "project", "data", "scratch" or "home"; absolute, lives as long as the host. */
const char *fr_fakehost_folder(const fr_fakehost *host, const char *which);
/* Writes a file ("project/main.tf"), folders made as needed. */
void fr_fakehost_write(fr_fakehost *host, const char *path, const char *text);
/* Content of such a file; the caller frees it. NULL when there is none. */
char *fr_fakehost_read(fr_fakehost *host, const char *path);
/* Removes a file or a folder with all in it. */
void fr_fakehost_remove(fr_fakehost *host, const char *path);
/* A test's fixture below $FRACTARY_SOURCE; the caller frees it. `length` may be
 * NULL. */
char *fr_fakehost_fixture(const char *path, size_t *length);

/* ----------------------------------------------------------------- records */

size_t fr_fakehost_count(const fr_fakehost *host, const char *type); /* NULL: all */
/* The nth (from 0) record of a type, NULL: of any; NULL when there is none. */
const fr_json *fr_fakehost_find(const fr_fakehost *host, const char *type, size_t nth);
/* The nth record of a type whose string member has that value. For records
 * with one object inside, "resource.address" looks into it. */
const fr_json *fr_fakehost_where(const fr_fakehost *host, const char *type, const char *key,
                                 const char *value, size_t nth);
/* Non-zero when any record's text has `text` in it. */
int fr_fakehost_mentions(const fr_fakehost *host, const char *text);
void fr_fakehost_forget(fr_fakehost *host); /* records, processes and progress so far */
size_t fr_fakehost_progress(const fr_fakehost *host, uint64_t *done, uint64_t *total);
/* All records as text, one a line, for messages; lives until the next call. */
const char *fr_fakehost_dump(fr_fakehost *host);

/* --------------------------------------------------------------- processes */

/* One child that the plugin is expected to start. Texts are copied. */
typedef struct fr_fake_process {
    /* Words, separated by one space, that argv must have in this order, others
     * between them allowed: "plan -json". A word may be a glob. */
    const char *match;
    const char *out;      /* standard output, or NULL                          */
    const char *out_file; /* a fixture with it, or NULL                        */
    const char *err;      /* standard error, or NULL                           */
    int32_t exit_code;
    int32_t signal;      /* ended by it; exit_code is then -1                 */
    int32_t status;      /* what run() returns                                */
    const char *creates; /* content of the file that -out=PATH names, or NULL */
} fr_fake_process;

/* Adds to the script; children must come in this order. A child that is not
 * in it fails the test. */
void fr_fakehost_expect(fr_fakehost *host, const fr_fake_process *process);
/* Runs real programs instead, found by PATH; without credential variables and
 * TF_CLI_CONFIG_FILE. */
void fr_fakehost_run_really(fr_fakehost *host);
/* What process/1.find() answers; NULL: not installed. Scripted hosts find
 * every name as /opt/fake/bin/NAME. */
void fr_fakehost_tool(fr_fakehost *host, const char *name, const char *path);

/* What was started: {"argv":[…],"environ":{…},"purpose":…,"directory":…,
 * "label":…,"flags":…,"attachments":[…]}. */
size_t fr_fakehost_process_count(const fr_fakehost *host);
const fr_json *fr_fakehost_process(const fr_fakehost *host, size_t index);
/* How many had all these words, as in fr_fake_process.match. */
size_t fr_fakehost_processes_like(const fr_fakehost *host, const char *match);
/* The sealed file of that name: descriptor (the host's) and hash; -1: none. */
int fr_fakehost_sealed(const fr_fakehost *host, const char *name, const char **sha256);

#endif
