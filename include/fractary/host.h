/*
 * fractary/host.h: the services that the host offers to plugins.
 *
 * A plugin reaches the world through these and in no other way. It gets the
 * tables that its manifest's "needs" names, from fractary_host.service(), and
 * they live as long as its instance. The first parameter of every function is
 * the table itself. All functions are [main-thread] unless tagged otherwise.
 *
 * Where text comes back it goes into a sink, in one or several pieces.
 */
#ifndef FRACTARY_HOST_H
#define FRACTARY_HOST_H

#include <fractary/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------ fractary.process/1 */

#define FRACTARY_PROCESS_1 "fractary.process/1"

/* The output holds secrets: it goes to memory instead of a file of the run. */
#define FRACTARY_PROCESS_SECRET 1u
/* The child changes the world: after an interruption it is waited for and
 * never killed before the user insists. */
#define FRACTARY_PROCESS_CAREFUL 2u

#define FRACTARY_STDOUT 1u
#define FRACTARY_STDERR 2u

/* A child process: no shell, standard input empty, a process group of its
 * own, its output in files that the core follows. Everything is borrowed
 * until run() returns. */
typedef struct fractary_process_request {
    uint32_t size;
    uint32_t flags;            /* FRACTARY_PROCESS_*                           */
    const char *const *argv;   /* NULL-terminated; argv[0] an absolute path
                                * as found by find()                           */
    /* "read", "deploy", "grant": the child gets that identity's credentials;
     * NULL: none, every credential variable removed. Refused unless the
     * method that is running is allowed that purpose. */
    const char *purpose;
    const char *directory;     /* working folder, absolute                     */
    const char *const *environ; /* "NAME=value" added, NULL-terminated; may be
                                * NULL; credential variables are refused        */
    /* Names of files sealed with run/1, NULL-terminated; may be NULL. The
     * first is /proc/self/fd/3 in the child, the next 4, and so on. */
    const char *const *attachments;
    const char *label;         /* names the output files and messages: "plan"  */
    void *context;             /* handed to line()                             */
    /* Called for each whole line of output without its end, as it arrives;
     * `stream` is FRACTARY_STDOUT or _STDERR; a line over 16 MiB comes in
     * pieces. A status other than FRACTARY_OK stops further calls (the child
     * goes on) and is returned by run(). May be NULL. */
    int32_t (*line)(void *context, uint32_t stream, const char *text, uint64_t length);
} fractary_process_request;

/* How a child ended. The caller sets size. */
typedef struct fractary_process_result {
    uint32_t size;
    int32_t exit_code; /* 0–255, -1 when a signal ended it                    */
    int32_t signal;    /* that signal, or 0                                   */
    int32_t interrupted; /* non-zero: an interruption was passed on to it     */
    uint64_t duration; /* nanoseconds                                         */
} fractary_process_result;

typedef struct fractary_process fractary_process;
struct fractary_process {
    uint32_t size;
    void *context; /* the host's */
    /* Emits the absolute path of an executable found by PATH, or of the
     * absolute path `name`. FRACTARY_E_MISSING. */
    int32_t (*find)(const fractary_process *self, const char *name, const fractary_sink *out,
                    fractary_error *error);
    /* Runs a child to its end. FRACTARY_OK says only that it ran: look at the
     * result. FRACTARY_E_CANCELLED and _E_DEADLINE when it was ended for that
     * reason; the result is filled then, too. */
    int32_t (*run)(const fractary_process *self, const fractary_call *call,
                   const fractary_process_request *request, fractary_process_result *result,
                   fractary_error *error);
};

/* --------------------------------------------------------- fractary.http/1 */

#define FRACTARY_HTTP_1 "fractary.http/1"

/* One attempt of a request, while prepare() runs. Grows at the end. */
typedef struct fractary_http_attempt fractary_http_attempt;
struct fractary_http_attempt {
    uint32_t size;
    uint32_t number;     /* 1 for the first                                    */
    int64_t server_time; /* Unix seconds by the server's own Date header of an
                          * earlier answer, else by our clock                  */
    /* Adds a header to this attempt only; copies both texts. */
    int32_t (*add_header)(const fractary_http_attempt *attempt, const char *name,
                          const char *value);
    void *context; /* the host's */
};

typedef struct fractary_http_response {
    uint32_t size;
    int32_t status;  /* 100–599, 0 when no answer came                         */
    uint32_t attempts; /* made so far                                          */
    uint32_t truncated; /* non-zero: the body ended early or was over max_body */
    const fractary_header *headers; /* names in lower case                     */
    uint64_t header_count;
    const char *body; /* NUL-terminated behind `length` bytes                  */
    uint64_t length;
    const char *failure; /* why no answer came, "" otherwise                   */
    int64_t server_time; /* of the Date header, else of our clock              */
} fractary_http_response;

/* What classify() returns. */
#define FRACTARY_HTTP_DONE 0
#define FRACTARY_HTTP_RETRY 1 /* again after a backoff with jitter              */
#define FRACTARY_HTTP_THROTTLED 2 /* the same, and slows the host's other requests */

/* Copied by submit(): texts, headers and body may go afterwards; `context`
 * must live until done() was called. */
typedef struct fractary_http_request {
    uint32_t size;
    uint32_t max_attempts;   /* 1–10; 0 means 4                                */
    const char *method;      /* "GET"                                          */
    const char *url;         /* absolute; https, or http where no credentials
                              * travel, or to loopback and metadata addresses  */
    const fractary_header *headers;
    uint64_t header_count;
    const char *body;
    uint64_t body_length;
    uint64_t timeout;        /* nanoseconds an attempt; 0 means 30 s           */
    uint64_t max_body;       /* bytes; 0 means 16 MiB                          */
    const char *ca_file;     /* PEM bundle; NULL: the system's                 */
    const char *proxy;       /* URL; NULL: none                                */
    void *context;
    /* Called before each attempt; the place to sign. May be NULL. */
    int32_t (*prepare)(void *context, const fractary_http_attempt *attempt,
                       fractary_error *error);
    /* Judges an answer: FRACTARY_HTTP_*. NULL: 429, 5xx and failures of the
     * connection are tried again. */
    int32_t (*classify)(void *context, const fractary_http_response *response);
    /* Called exactly once, from run(); the response is valid until it
     * returns. `status` is FRACTARY_OK when a whole answer came, whatever it
     * was; _E_UNAVAILABLE when none did or it broke off, _E_LIMIT when it was
     * over max_body (both: `truncated`), _E_REFUSED when credentials would
     * have travelled in clear, what prepare() returned, _E_DEADLINE or
     * _E_CANCELLED. May submit more. */
    void (*done)(void *context, int32_t status, const fractary_http_response *response);
} fractary_http_request;

typedef struct fractary_http fractary_http;
struct fractary_http {
    uint32_t size;
    void *context; /* the host's */
    /* Queues a request; nothing is sent before run(). */
    int32_t (*submit)(const fractary_http *self, const fractary_call *call,
                      const fractary_http_request *request, fractary_error *error);
    /* Drives all queued requests of this instance, those submitted meanwhile
     * included, to their end. */
    int32_t (*run)(const fractary_http *self, const fractary_call *call, fractary_error *error);
};

/* -------------------------------------------------------- fractary.files/1 */

#define FRACTARY_FILES_1 "fractary.files/1"

/* Files below the roots that the manifest's "files" names: "~/.aws" style
 * paths, "{project}" (the project's folder, read-only), "{data}" (a folder of
 * the plugin's own for this environment and stack, kept between runs),
 * "$NAME" (the file or folder that a variable names which the plugin may read
 * by environ/1; read-only). Paths are absolute or begin with "~/", "{project}/"
 * or "{data}/". Elsewhere, and where a link leads elsewhere,
 * FRACTARY_E_REFUSED. */
typedef struct fractary_files fractary_files;
struct fractary_files {
    uint32_t size;
    void *context; /* the host's */
    /* Emits the content of a regular file of at most `limit` bytes. */
    int32_t (*read)(const fractary_files *self, const char *path, uint64_t limit,
                    const fractary_sink *out, fractary_error *error);
    /* Emits one JSON object for each entry: {"name":…,"kind":"file"|"folder"|
     * "link"|"other","size":…,"modified":Unix nanoseconds as text}. */
    int32_t (*list)(const fractary_files *self, const char *folder, const fractary_sink *out,
                    fractary_error *error);
    /* Replaces a file at once, mode 0600. */
    int32_t (*write)(const fractary_files *self, const char *path, const char *data,
                     uint64_t length, fractary_error *error);
    /* Appends whole under a lock, mode 0600. */
    int32_t (*append)(const fractary_files *self, const char *path, const char *data,
                      uint64_t length, fractary_error *error);
};

/* ------------------------------------------------------ fractary.environ/1 */

#define FRACTARY_ENVIRON_1 "fractary.environ/1"

/* Environment variables whose names the manifest's "environ" matches. Given
 * to hosting handlers only. */
typedef struct fractary_environ fractary_environ;
struct fractary_environ {
    uint32_t size;
    void *context; /* the host's */
    /* The value, or NULL when unset, empty or not matched; valid until the
     * instance is destroyed. */
    const char *(*get)(const fractary_environ *self, const char *name);
};

/* ------------------------------------------------------- fractary.config/1 */

#define FRACTARY_CONFIG_1 "fractary.config/1"

typedef struct fractary_config fractary_config;
struct fractary_config {
    uint32_t size;
    void *context; /* the host's */
    /* The plugin's own section of the configuration, merged for the
     * environment and validated against the plugin's config schema, defaults
     * filled in: a JSON object, valid until the instance is destroyed. */
    const char *(*section)(const fractary_config *self);
    /* What every plugin may know of the project: {"root":absolute folder,
     * "name","organization","subsystem","pattern","environment","class",
     * "stack","account","region","shares_state_with": who else has the same
     * Terraform state by the configuration ("environment test", "stack web of
     * environment test"), or "", "host": this
     * machine's name, and the ids of the handlers "hosting" and "iac", "" for
     * none}; valid as above. */
    const char *(*project)(const fractary_config *self);
    /* Emits `pattern` with {project} {subsystem} {environment} {resource}
     * {organization} filled in; FRACTARY_E_CONFIG names an unknown one. */
    int32_t (*expand)(const fractary_config *self, const char *pattern, const char *resource,
                      const fractary_sink *out, fractary_error *error);
};

/* ----------------------------------------------------- fractary.registry/1 */

#define FRACTARY_REGISTRY_1 "fractary.registry/1"

/* What a change left behind, for registry, DEPLOYED.md and history. */
typedef struct fractary_registry_update {
    uint32_t size;
    uint32_t failed;        /* non-zero: the change did not end well            */
    const char *action;     /* "deploy", "teardown", "refresh"                  */
    const char *plan;       /* SHA-256 of the plan in hex, or NULL              */
    const char *principal;  /* who acted, as the cloud names it, or NULL        */
    /* JSON array of every resource that exists now: address, type, name,
     * provider, id, arn, region, account, console_url, status, reason,
     * verified_at. What is not in it leaves the registry. */
    const char *resources;
    uint64_t length;        /* of `resources`, at most 256 MiB                  */
} fractary_registry_update;

typedef struct fractary_registry fractary_registry;
struct fractary_registry {
    uint32_t size;
    void *context; /* the host's */
    /* Emits one JSON object for each resource of the environment and stack of
     * `call`; none when there is no registry yet. */
    int32_t (*read)(const fractary_registry *self, const fractary_call *call,
                    const fractary_sink *out, fractary_error *error);
    /* Writes registry.json and DEPLOYED.md anew and adds a line to
     * history.jsonl. created_at of known addresses is kept. The old files
     * stay when it fails. */
    int32_t (*commit)(const fractary_registry *self, const fractary_call *call,
                      const fractary_registry_update *update, fractary_error *error);
    /* Emits the path of DEPLOYED.md relative to the project's folder. */
    int32_t (*document)(const fractary_registry *self, const fractary_call *call,
                        const fractary_sink *out, fractary_error *error);
};

/* ---------------------------------------------------------- fractary.run/1 */

#define FRACTARY_RUN_1 "fractary.run/1"

typedef struct fractary_run fractary_run;
struct fractary_run {
    uint32_t size;
    void *context; /* the host's */
    /* Makes an empty file (0600) of that name in a private folder (0700) that
     * is gone after the run, and emits its path; `name` is one path component.
     * FRACTARY_E_EXISTS when there is one already. */
    int32_t (*scratch)(const fractary_run *self, const fractary_call *call, const char *name,
                       const fractary_sink *out, fractary_error *error);
    /* Takes the file at `path` (below the scratch folder) into sealed memory
     * under `name`, removes the file, and stores the SHA-256 of its bytes, 64
     * hex digits and a NUL. What was sealed cannot be changed by anybody; a
     * second seal of the same name replaces the first and voids its
     * approvals. FRACTARY_E_NOTFOUND when the file is empty. */
    int32_t (*seal)(const fractary_run *self, const fractary_call *call, const char *name,
                    const char *path, char sha256[65], fractary_error *error);
    /* Emits the absolute path of the plugin's data folder for this environment
     * and stack; made where missing (0700), kept between runs, ignored by
     * git. The same folder as "{data}" of files/1. */
    int32_t (*data)(const fractary_run *self, const fractary_call *call, const fractary_sink *out,
                    fractary_error *error);
};

/* ----------------------------------------------------- fractary.identity/1 */

#define FRACTARY_IDENTITY_1 "fractary.identity/1"

/* Hosting handlers only. */
typedef struct fractary_identity fractary_identity;
struct fractary_identity {
    uint32_t size;
    void *context; /* the host's */
    /* Emits the configured identity of a purpose in this environment, one of
     * {"profile":…}, {"role_arn":…,"profile":…?}, {"source":"environment"},
     * with "fallback":"deploy" when `read` has none of its own.
     * FRACTARY_E_CONFIG when the purpose has none, FRACTARY_E_REFUSED when it
     * may not be used here. */
    int32_t (*describe)(const fractary_identity *self, const fractary_call *call,
                        const char *purpose, const fractary_sink *out, fractary_error *error);
};

/* -------------------------------------------------------- fractary.guard/1 */

#define FRACTARY_GUARD_1 "fractary.guard/1"

/* Agents only. */
typedef struct fractary_guard fractary_guard;
struct fractary_guard {
    uint32_t size;
    void *context; /* the host's */
    /* Does everything that names an environment or an account agree? `plan`
     * is the name of a sealed plan, or NULL before there is one. Emits one
     * `guard` record with all signals; its word is kept for the gate.
     * FRACTARY_E_REFUSED names the signal, both values and their sources. */
    int32_t (*check)(const fractary_guard *self, const fractary_call *call, const char *purpose,
                     const char *plan, fractary_error *error);
};

/* ------------------------------------------------------ fractary.confirm/1 */

#define FRACTARY_CONFIRM_1 "fractary.confirm/1"

typedef struct fractary_approval_request {
    uint32_t size;
    uint32_t flags;      /* FRACTARY_CONFIRM_*                                 */
    const char *plan;    /* name of the sealed plan                            */
    const char *method;  /* what it is for: "apply" or "destroy"               */
    const char *purpose; /* "deploy"                                           */
    const char *summary; /* one sentence: what will be done                    */
} fractary_approval_request;

#define FRACTARY_CONFIRM_ASK 1u /* ask even where the class needs no question   */
#define FRACTARY_CONFIRM_YES 2u /* the user said yes beforehand (--yes)         */

/* Agents only. Which question is asked, and whether, is the core's decision
 * by the environment's class. */
typedef struct fractary_confirm fractary_confirm;
struct fractary_confirm {
    uint32_t size;
    void *context; /* the host's */
    /* FRACTARY_OK: approved, and kept for the gate, bound to the plan's hash,
     * method, stack, environment and purpose. FRACTARY_E_REFUSED: the answer
     * was no. FRACTARY_E_UNCONFIRMED: nobody there to ask. */
    int32_t (*approve)(const fractary_confirm *self, const fractary_call *call,
                       const fractary_approval_request *request, fractary_error *error);
};

/* -------------------------------------------------------- fractary.clock/1 */

#define FRACTARY_CLOCK_1 "fractary.clock/1"

typedef struct fractary_clock fractary_clock;
struct fractary_clock {
    uint32_t size;
    void *context; /* the host's */
    uint64_t (*monotonic)(const fractary_clock *self); /* ns [any-thread]           */
    int64_t (*now)(const fractary_clock *self);        /* Unix ms [any-thread]      */
    /* Waits on the host's loop; ends early as any blocking service does. */
    int32_t (*wait)(const fractary_clock *self, const fractary_call *call, uint64_t nanoseconds,
                    fractary_error *error);
};

/* ----------------------------------------------------- fractary.progress/1 */

#define FRACTARY_PROGRESS_1 "fractary.progress/1"

typedef struct fractary_progress fractary_progress;
struct fractary_progress {
    uint32_t size;
    void *context; /* the host's */
    /* Says how far a long step is; at most ten a second are passed on.
     * `total` 0: not known. */
    void (*report)(const fractary_progress *self, const fractary_call *call, const char *message,
                   uint64_t done, uint64_t total);
};

/* ----------------------------------------------------- fractary.handlers/1 */

#define FRACTARY_HANDLERS_1 "fractary.handlers/1"

/* An opened handler or skill: opaque, valid until the instance that opened it
 * is destroyed. */
typedef struct fractary_handle fractary_handle;

/* Skills only. The environment's handlers, behind the gate. */
typedef struct fractary_handlers fractary_handlers;
struct fractary_handlers {
    uint32_t size;
    void *context; /* the host's */
    /* Opens the handler that the project uses for `kind`: "hosting", "iac".
     * FRACTARY_E_MISSING names the package to install. */
    int32_t (*open)(const fractary_handlers *self, const fractary_call *call, const char *kind,
                    fractary_handle **handle, fractary_error *error);
    /* Calls a method by its name in the interface ("plan", "verify"; hosting's
     * remove is "delete") with that method's request struct, whose `size`
     * says how much of it there is. Records go to the user as ever, and to
     * `listener` as well (may be NULL). For console_url the listener gets the
     * text. `credentials` cannot be called. Without the guard's and the
     * approval's word, apply, destroy, deploy, delete, grant and remediate
     * are FRACTARY_E_REFUSED. */
    int32_t (*call)(const fractary_handlers *self, const fractary_call *call,
                    fractary_handle *handle, const char *method, const void *request,
                    const fractary_sink *listener, fractary_error *error);
};

/* ------------------------------------------------------- fractary.skills/1 */

#define FRACTARY_SKILLS_1 "fractary.skills/1"

/* Agents only. */
typedef struct fractary_skills fractary_skills;
struct fractary_skills {
    uint32_t size;
    void *context; /* the host's */
    /* Opens a skill by its plugin id. */
    int32_t (*open)(const fractary_skills *self, const fractary_call *call, const char *id,
                    fractary_handle **handle, fractary_error *error);
    /* Runs a command of the skill. `options` is a JSON object, validated
     * against the skill's manifest, defaults filled in; NULL for none. Records
     * of the skill, and of the handlers that it calls, go to the user, and to
     * `listener` as well (may be NULL). */
    int32_t (*call)(const fractary_skills *self, const fractary_call *call,
                    fractary_handle *handle, const char *name, const char *options,
                    const fractary_sink *listener, fractary_error *error);
};

FRACTARY_NO_TAIL_PADDING(fractary_process_request, line);
FRACTARY_NO_TAIL_PADDING(fractary_process_result, duration);
FRACTARY_NO_TAIL_PADDING(fractary_process, run);
FRACTARY_NO_TAIL_PADDING(fractary_http_attempt, context);
FRACTARY_NO_TAIL_PADDING(fractary_http_response, server_time);
FRACTARY_NO_TAIL_PADDING(fractary_http_request, done);
FRACTARY_NO_TAIL_PADDING(fractary_http, run);
FRACTARY_NO_TAIL_PADDING(fractary_files, append);
FRACTARY_NO_TAIL_PADDING(fractary_environ, get);
FRACTARY_NO_TAIL_PADDING(fractary_config, expand);
FRACTARY_NO_TAIL_PADDING(fractary_registry_update, length);
FRACTARY_NO_TAIL_PADDING(fractary_registry, document);
FRACTARY_NO_TAIL_PADDING(fractary_run, data);
FRACTARY_NO_TAIL_PADDING(fractary_identity, describe);
FRACTARY_NO_TAIL_PADDING(fractary_guard, check);
FRACTARY_NO_TAIL_PADDING(fractary_approval_request, summary);
FRACTARY_NO_TAIL_PADDING(fractary_confirm, approve);
FRACTARY_NO_TAIL_PADDING(fractary_clock, wait);
FRACTARY_NO_TAIL_PADDING(fractary_progress, report);
FRACTARY_NO_TAIL_PADDING(fractary_handlers, call);
FRACTARY_NO_TAIL_PADDING(fractary_skills, call);

#ifdef __cplusplus
}
#endif
#endif
