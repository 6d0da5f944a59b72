/* What host.c knows of a service: one constant a service, in its own file. */
#ifndef FRACTARY_SERVICE_SERVICE_H
#define FRACTARY_SERVICE_SERVICE_H

#include "service/host.h"

typedef struct fr_service {
    const char *id;
    /* Kinds of plugins that may have it, NULL-terminated; NULL: all. */
    const char *const *kinds;
    /* Makes the table for one guest; both are borrowed until destroy(). What
     * is stored begins with the ABI's table. */
    int32_t (*create)(fr_context *context, const fr_guest *guest, void **out,
                      fractary_error *error);
    void (*destroy)(void *service);
} fr_service;

extern const fr_service fr_process_service;
extern const fr_service fr_http_service;
extern const fr_service fr_files_service;
extern const fr_service fr_environ_service;
extern const fr_service fr_config_service;
extern const fr_service fr_registry_service;
extern const fr_service fr_run_service;
extern const fr_service fr_identity_service;
extern const fr_service fr_guard_service;
extern const fr_service fr_confirm_service;
extern const fr_service fr_clock_service;
extern const fr_service fr_progress_service;
extern const fr_service fr_handlers_service;
extern const fr_service fr_skills_service;

/* Copies as much of a caller's growing struct as both sides know; the rest of
 * `to`, which has `size` bytes, is zero. Both begin with their uint32_t size. */
void fr_service_copy(void *to, size_t size, const void *from);
/* A text into a sink, which must be there: FRACTARY_E_INVALID otherwise. */
int32_t fr_service_answer(const fractary_sink *out, const char *text, fractary_error *error);
/* The same for bytes that no NUL ends. */
int32_t fr_service_answer_bytes(const fractary_sink *out, const char *data, uint64_t length,
                                fractary_error *error);
/* FRACTARY_OK inside a project and an environment with a run; else
 * FRACTARY_E_UNSUPPORTED with what is missing. */
int32_t fr_service_demand_run(const fr_context *context, fractary_error *error);
int32_t fr_service_demand_project(const fr_context *context, fractary_error *error);

/* The plugin's data folder for an environment and stack,
 * <configuration folder>/data/<environment>/<stack>/<plugin id>; not made. The
 * caller frees it. */
int32_t fr_service_data_folder(const fr_context *context, const fr_guest *guest, char **out,
                               fractary_error *error);

#endif
