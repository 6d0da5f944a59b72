/*
 * The ABI as it was recorded: sizes and offsets of every struct that crosses
 * the boundary on x86-64 and aarch64 (LP64), and every number and id that a
 * plugin was compiled with. A struct may gain members at its end; what stands
 * here already never changes.
 */
#include "unit/plugin_fixture.h"

#include "base/file.h"
#include "base/path.h"

#include <fractary-plugin/buf.h>
#include <fractary/fractary.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A struct, or a member of the struct above it. */
typedef struct recorded {
    const char *type, *member; /* member: NULL for the struct itself */
    size_t offset, size;
    size_t recorded_offset, recorded_size;
} recorded;

#define STRUCT(type, size)                                                                         \
    {                                                                                              \
#type, NULL, 0, sizeof(type), 0, size                                                      \
    }
#define FIELD(type, member, offset, size)                                                          \
    {                                                                                              \
#type, #member, offsetof(type, member), sizeof(((type *)0)->member), offset, size          \
    }

/* clang-format off */
static const recorded layout[] = {
    STRUCT(fractary_string_view, 16),
    FIELD(fractary_string_view, data, 0, 8),
    FIELD(fractary_string_view, length, 8, 8),
    STRUCT(fractary_header, 16),
    FIELD(fractary_header, name, 0, 8),
    FIELD(fractary_header, value, 8, 8),
    STRUCT(fractary_sink, 16),
    FIELD(fractary_sink, context, 0, 8),
    FIELD(fractary_sink, emit, 8, 8),
    STRUCT(fractary_error, 3592),
    FIELD(fractary_error, size, 0, 4),
    FIELD(fractary_error, status, 4, 4),
    FIELD(fractary_error, message, 8, 512),
    FIELD(fractary_error, cause, 520, 2048),
    FIELD(fractary_error, advice, 2568, 512),
    FIELD(fractary_error, place, 3080, 512),
    STRUCT(fractary_call, 72),
    FIELD(fractary_call, size, 0, 4),
    FIELD(fractary_call, deadline, 8, 8),
    FIELD(fractary_call, run, 16, 8),
    FIELD(fractary_call, stack, 24, 8),
    FIELD(fractary_call, environment, 32, 8),
    FIELD(fractary_call, sink, 40, 16),
    FIELD(fractary_call, host, 56, 8),
    FIELD(fractary_call, cancelled, 64, 8),
    STRUCT(fractary_request, 24),
    FIELD(fractary_request, size, 0, 4),
    FIELD(fractary_request, name, 8, 8),
    FIELD(fractary_request, options, 16, 8),
    STRUCT(fractary_skill, 16),
    FIELD(fractary_skill, size, 0, 4),
    FIELD(fractary_skill, run, 8, 8),
    STRUCT(fractary_agent, 16),
    FIELD(fractary_agent, size, 0, 4),
    FIELD(fractary_agent, run, 8, 8),
    STRUCT(fractary_process_request, 72),
    FIELD(fractary_process_request, size, 0, 4),
    FIELD(fractary_process_request, flags, 4, 4),
    FIELD(fractary_process_request, argv, 8, 8),
    FIELD(fractary_process_request, purpose, 16, 8),
    FIELD(fractary_process_request, directory, 24, 8),
    FIELD(fractary_process_request, environ, 32, 8),
    FIELD(fractary_process_request, attachments, 40, 8),
    FIELD(fractary_process_request, label, 48, 8),
    FIELD(fractary_process_request, context, 56, 8),
    FIELD(fractary_process_request, line, 64, 8),
    STRUCT(fractary_process_result, 24),
    FIELD(fractary_process_result, size, 0, 4),
    FIELD(fractary_process_result, exit_code, 4, 4),
    FIELD(fractary_process_result, signal, 8, 4),
    FIELD(fractary_process_result, interrupted, 12, 4),
    FIELD(fractary_process_result, duration, 16, 8),
    STRUCT(fractary_process, 32),
    FIELD(fractary_process, size, 0, 4),
    FIELD(fractary_process, context, 8, 8),
    FIELD(fractary_process, find, 16, 8),
    FIELD(fractary_process, run, 24, 8),
    STRUCT(fractary_http_attempt, 32),
    FIELD(fractary_http_attempt, size, 0, 4),
    FIELD(fractary_http_attempt, number, 4, 4),
    FIELD(fractary_http_attempt, server_time, 8, 8),
    FIELD(fractary_http_attempt, add_header, 16, 8),
    FIELD(fractary_http_attempt, context, 24, 8),
    STRUCT(fractary_http_response, 64),
    FIELD(fractary_http_response, size, 0, 4),
    FIELD(fractary_http_response, status, 4, 4),
    FIELD(fractary_http_response, attempts, 8, 4),
    FIELD(fractary_http_response, truncated, 12, 4),
    FIELD(fractary_http_response, headers, 16, 8),
    FIELD(fractary_http_response, header_count, 24, 8),
    FIELD(fractary_http_response, body, 32, 8),
    FIELD(fractary_http_response, length, 40, 8),
    FIELD(fractary_http_response, failure, 48, 8),
    FIELD(fractary_http_response, server_time, 56, 8),
    STRUCT(fractary_http_request, 120),
    FIELD(fractary_http_request, size, 0, 4),
    FIELD(fractary_http_request, max_attempts, 4, 4),
    FIELD(fractary_http_request, method, 8, 8),
    FIELD(fractary_http_request, url, 16, 8),
    FIELD(fractary_http_request, headers, 24, 8),
    FIELD(fractary_http_request, header_count, 32, 8),
    FIELD(fractary_http_request, body, 40, 8),
    FIELD(fractary_http_request, body_length, 48, 8),
    FIELD(fractary_http_request, timeout, 56, 8),
    FIELD(fractary_http_request, max_body, 64, 8),
    FIELD(fractary_http_request, ca_file, 72, 8),
    FIELD(fractary_http_request, proxy, 80, 8),
    FIELD(fractary_http_request, context, 88, 8),
    FIELD(fractary_http_request, prepare, 96, 8),
    FIELD(fractary_http_request, classify, 104, 8),
    FIELD(fractary_http_request, done, 112, 8),
    STRUCT(fractary_http, 32),
    FIELD(fractary_http, size, 0, 4),
    FIELD(fractary_http, context, 8, 8),
    FIELD(fractary_http, submit, 16, 8),
    FIELD(fractary_http, run, 24, 8),
    STRUCT(fractary_files, 48),
    FIELD(fractary_files, size, 0, 4),
    FIELD(fractary_files, context, 8, 8),
    FIELD(fractary_files, read, 16, 8),
    FIELD(fractary_files, list, 24, 8),
    FIELD(fractary_files, write, 32, 8),
    FIELD(fractary_files, append, 40, 8),
    STRUCT(fractary_environ, 24),
    FIELD(fractary_environ, size, 0, 4),
    FIELD(fractary_environ, context, 8, 8),
    FIELD(fractary_environ, get, 16, 8),
    STRUCT(fractary_config, 40),
    FIELD(fractary_config, size, 0, 4),
    FIELD(fractary_config, context, 8, 8),
    FIELD(fractary_config, section, 16, 8),
    FIELD(fractary_config, project, 24, 8),
    FIELD(fractary_config, expand, 32, 8),
    STRUCT(fractary_registry_update, 48),
    FIELD(fractary_registry_update, size, 0, 4),
    FIELD(fractary_registry_update, failed, 4, 4),
    FIELD(fractary_registry_update, action, 8, 8),
    FIELD(fractary_registry_update, plan, 16, 8),
    FIELD(fractary_registry_update, principal, 24, 8),
    FIELD(fractary_registry_update, resources, 32, 8),
    FIELD(fractary_registry_update, length, 40, 8),
    STRUCT(fractary_registry, 40),
    FIELD(fractary_registry, size, 0, 4),
    FIELD(fractary_registry, context, 8, 8),
    FIELD(fractary_registry, read, 16, 8),
    FIELD(fractary_registry, commit, 24, 8),
    FIELD(fractary_registry, document, 32, 8),
    STRUCT(fractary_run, 40),
    FIELD(fractary_run, size, 0, 4),
    FIELD(fractary_run, context, 8, 8),
    FIELD(fractary_run, scratch, 16, 8),
    FIELD(fractary_run, seal, 24, 8),
    FIELD(fractary_run, data, 32, 8),
    STRUCT(fractary_identity, 24),
    FIELD(fractary_identity, size, 0, 4),
    FIELD(fractary_identity, context, 8, 8),
    FIELD(fractary_identity, describe, 16, 8),
    STRUCT(fractary_guard, 24),
    FIELD(fractary_guard, size, 0, 4),
    FIELD(fractary_guard, context, 8, 8),
    FIELD(fractary_guard, check, 16, 8),
    STRUCT(fractary_approval_request, 40),
    FIELD(fractary_approval_request, size, 0, 4),
    FIELD(fractary_approval_request, flags, 4, 4),
    FIELD(fractary_approval_request, plan, 8, 8),
    FIELD(fractary_approval_request, method, 16, 8),
    FIELD(fractary_approval_request, purpose, 24, 8),
    FIELD(fractary_approval_request, summary, 32, 8),
    STRUCT(fractary_confirm, 24),
    FIELD(fractary_confirm, size, 0, 4),
    FIELD(fractary_confirm, context, 8, 8),
    FIELD(fractary_confirm, approve, 16, 8),
    STRUCT(fractary_clock, 40),
    FIELD(fractary_clock, size, 0, 4),
    FIELD(fractary_clock, context, 8, 8),
    FIELD(fractary_clock, monotonic, 16, 8),
    FIELD(fractary_clock, now, 24, 8),
    FIELD(fractary_clock, wait, 32, 8),
    STRUCT(fractary_progress, 24),
    FIELD(fractary_progress, size, 0, 4),
    FIELD(fractary_progress, context, 8, 8),
    FIELD(fractary_progress, report, 16, 8),
    STRUCT(fractary_handlers, 32),
    FIELD(fractary_handlers, size, 0, 4),
    FIELD(fractary_handlers, context, 8, 8),
    FIELD(fractary_handlers, open, 16, 8),
    FIELD(fractary_handlers, call, 24, 8),
    STRUCT(fractary_skills, 32),
    FIELD(fractary_skills, size, 0, 4),
    FIELD(fractary_skills, context, 8, 8),
    FIELD(fractary_skills, open, 16, 8),
    FIELD(fractary_skills, call, 24, 8),
    STRUCT(fractary_credentials_request, 16),
    FIELD(fractary_credentials_request, size, 0, 4),
    FIELD(fractary_credentials_request, purpose, 8, 8),
    STRUCT(fractary_authenticate_request, 16),
    FIELD(fractary_authenticate_request, size, 0, 4),
    FIELD(fractary_authenticate_request, purpose, 8, 8),
    STRUCT(fractary_resource, 72),
    FIELD(fractary_resource, size, 0, 4),
    FIELD(fractary_resource, address, 8, 8),
    FIELD(fractary_resource, type, 16, 8),
    FIELD(fractary_resource, name, 24, 8),
    FIELD(fractary_resource, id, 32, 8),
    FIELD(fractary_resource, arn, 40, 8),
    FIELD(fractary_resource, region, 48, 8),
    FIELD(fractary_resource, account, 56, 8),
    FIELD(fractary_resource, attributes, 64, 8),
    STRUCT(fractary_verify_request, 24),
    FIELD(fractary_verify_request, size, 0, 4),
    FIELD(fractary_verify_request, resources, 8, 8),
    FIELD(fractary_verify_request, count, 16, 8),
    STRUCT(fractary_query_request, 16),
    FIELD(fractary_query_request, size, 0, 4),
    FIELD(fractary_query_request, resource, 8, 8),
    STRUCT(fractary_deploy_request, 32),
    FIELD(fractary_deploy_request, size, 0, 4),
    FIELD(fractary_deploy_request, kind, 8, 8),
    FIELD(fractary_deploy_request, name, 16, 8),
    FIELD(fractary_deploy_request, parameters, 24, 8),
    STRUCT(fractary_hosting, 64),
    FIELD(fractary_hosting, size, 0, 4),
    FIELD(fractary_hosting, credentials, 8, 8),
    FIELD(fractary_hosting, authenticate, 16, 8),
    FIELD(fractary_hosting, verify, 24, 8),
    FIELD(fractary_hosting, query, 32, 8),
    FIELD(fractary_hosting, deploy, 40, 8),
    FIELD(fractary_hosting, remove, 48, 8),
    FIELD(fractary_hosting, console_url, 56, 8),
    STRUCT(fractary_iac_init_request, 8),
    FIELD(fractary_iac_init_request, size, 0, 4),
    FIELD(fractary_iac_init_request, flags, 4, 4),
    STRUCT(fractary_iac_validate_request, 8),
    FIELD(fractary_iac_validate_request, size, 0, 4),
    FIELD(fractary_iac_validate_request, flags, 4, 4),
    STRUCT(fractary_iac_plan_request, 64), /* 1.0: 24 */
    FIELD(fractary_iac_plan_request, size, 0, 4),
    FIELD(fractary_iac_plan_request, flags, 4, 4),
    FIELD(fractary_iac_plan_request, name, 8, 8),
    FIELD(fractary_iac_plan_request, targets, 16, 8),
    FIELD(fractary_iac_plan_request, replace, 24, 8),
    FIELD(fractary_iac_plan_request, variables, 32, 8),
    FIELD(fractary_iac_plan_request, var_files, 40, 8),
    FIELD(fractary_iac_plan_request, lock_timeout, 48, 8),
    FIELD(fractary_iac_plan_request, parallelism, 56, 8),
    STRUCT(fractary_iac_apply_request, 16),
    FIELD(fractary_iac_apply_request, size, 0, 4),
    FIELD(fractary_iac_apply_request, flags, 4, 4),
    FIELD(fractary_iac_apply_request, name, 8, 8),
    STRUCT(fractary_iac_show_request, 16), /* 1.0: 8 */
    FIELD(fractary_iac_show_request, size, 0, 4),
    FIELD(fractary_iac_show_request, flags, 4, 4),
    FIELD(fractary_iac_show_request, address, 8, 8),
    STRUCT(fractary_iac_output_request, 16),
    FIELD(fractary_iac_output_request, size, 0, 4),
    FIELD(fractary_iac_output_request, flags, 4, 4),
    FIELD(fractary_iac_output_request, name, 8, 8),
    STRUCT(fractary_iac_state_request, 32),
    FIELD(fractary_iac_state_request, size, 0, 4),
    FIELD(fractary_iac_state_request, flags, 4, 4),
    FIELD(fractary_iac_state_request, name, 8, 8),
    FIELD(fractary_iac_state_request, action, 16, 8),
    FIELD(fractary_iac_state_request, arguments, 24, 8),
    STRUCT(fractary_iac_parse_error_request, 24),
    FIELD(fractary_iac_parse_error_request, size, 0, 4),
    FIELD(fractary_iac_parse_error_request, text, 8, 8),
    FIELD(fractary_iac_parse_error_request, length, 16, 8),
    STRUCT(fractary_iac, 88), /* 1.0: 64 */
    FIELD(fractary_iac, size, 0, 4),
    FIELD(fractary_iac, init, 8, 8),
    FIELD(fractary_iac, validate, 16, 8),
    FIELD(fractary_iac, plan, 24, 8),
    FIELD(fractary_iac, apply, 32, 8),
    FIELD(fractary_iac, destroy, 40, 8),
    FIELD(fractary_iac, show, 48, 8),
    FIELD(fractary_iac, parse_error, 56, 8),
    FIELD(fractary_iac, output, 64, 8),
    FIELD(fractary_iac, prepare_state, 72, 8),
    FIELD(fractary_iac, change_state, 80, 8),
    STRUCT(fractary_host, 32),
    FIELD(fractary_host, size, 0, 4),
    FIELD(fractary_host, abi, 4, 4),
    FIELD(fractary_host, version, 8, 8),
    FIELD(fractary_host, context, 16, 8),
    FIELD(fractary_host, service, 24, 8),
    STRUCT(fractary_plugin, 48),
    FIELD(fractary_plugin, size, 0, 4),
    FIELD(fractary_plugin, abi, 4, 4),
    FIELD(fractary_plugin, id, 8, 8),
    FIELD(fractary_plugin, version, 16, 8),
    FIELD(fractary_plugin, create, 24, 8),
    FIELD(fractary_plugin, destroy, 32, 8),
    FIELD(fractary_plugin, get_interface, 40, 8),
};
/* clang-format on */

#define LAYOUT (sizeof layout / sizeof *layout)

START_TEST(nothing_has_moved)
{
    for (size_t i = 0; i < LAYOUT; i++) {
        const recorded *r = &layout[i];
        const char *member = r->member != NULL ? r->member : "the struct itself";
        ck_assert_msg(r->offset == r->recorded_offset, "%s, %s: at %zu, recorded %zu", r->type,
                      member, r->offset, r->recorded_offset);
        ck_assert_msg(r->size == r->recorded_size, "%s, %s: %zu bytes, recorded %zu", r->type,
                      member, r->size, r->recorded_size);
    }
}
END_TEST

/* Where a member of that size goes behind `end`. */
static size_t next_offset(size_t end, size_t size)
{
    const size_t alignment = size == 4 ? 4 : size == 8 || size == sizeof(fractary_sink) ? 8 : 1;

    return (end + alignment - 1) / alignment * alignment;
}

START_TEST(every_member_is_recorded)
{
    size_t end = 0;

    for (size_t i = 0; i < LAYOUT; i++) {
        const recorded *r = &layout[i];
        if (r->member == NULL) {
            end = 0;
            continue;
        }
        ck_assert_msg(r->offset == next_offset(end, r->size),
                      "%s: something unrecorded stands before %s", r->type, r->member);
        end = r->offset + r->size;
        if (i + 1 == LAYOUT || layout[i + 1].member == NULL) {
            size_t of_struct = i;
            while (layout[of_struct].member != NULL)
                of_struct--;
            ck_assert_msg(end == layout[of_struct].size, "%s: something unrecorded follows %s",
                          r->type, r->member);
        }
    }
}
END_TEST

START_TEST(tables_and_requests_begin_with_their_size)
{
    static const char *const frozen[] = {"fractary_string_view", "fractary_header",
                                         "fractary_sink"};

    for (size_t i = 0; i + 1 < LAYOUT; i++) {
        int is_frozen = 0;
        for (size_t k = 0; k < sizeof frozen / sizeof *frozen; k++)
            is_frozen |= strcmp(layout[i].type, frozen[k]) == 0;
        if (layout[i].member != NULL || is_frozen)
            continue;
        ck_assert_msg(strcmp(layout[i + 1].member, "size") == 0 && layout[i + 1].size == 4,
                      "%s does not begin with its size", layout[i].type);
    }
}
END_TEST

/* ------------------------------------------------------------------- numbers */

#define NUMBER(name, value)                                                                        \
    {                                                                                              \
#name, (long long)(name), value                                                            \
    }

static const struct {
    const char *name;
    long long value, recorded;
} numbers[] = {
    NUMBER(FRACTARY_ABI_MAJOR, 1),
    NUMBER(FRACTARY_ABI_MINOR, 1),
    NUMBER(FRACTARY_OK, 0),
    NUMBER(FRACTARY_E_FAILED, -1),
    NUMBER(FRACTARY_E_INVALID, -2),
    NUMBER(FRACTARY_E_NOMEM, -3),
    NUMBER(FRACTARY_E_IO, -4),
    NUMBER(FRACTARY_E_NOTFOUND, -5),
    NUMBER(FRACTARY_E_EXISTS, -6),
    NUMBER(FRACTARY_E_UNSUPPORTED, -7),
    NUMBER(FRACTARY_E_CANCELLED, -8),
    NUMBER(FRACTARY_E_DEADLINE, -9),
    NUMBER(FRACTARY_E_PROTOCOL, -10),
    NUMBER(FRACTARY_E_REENTRANT, -11),
    NUMBER(FRACTARY_E_REFUSED, -12),
    NUMBER(FRACTARY_E_UNCONFIRMED, -13),
    NUMBER(FRACTARY_E_DENIED, -14),
    NUMBER(FRACTARY_E_MISSING, -15),
    NUMBER(FRACTARY_E_CONFIG, -16),
    NUMBER(FRACTARY_E_AUTH, -17),
    NUMBER(FRACTARY_E_BUSY, -18),
    NUMBER(FRACTARY_E_UNAVAILABLE, -19),
    NUMBER(FRACTARY_E_LIMIT, -20),
    NUMBER(FRACTARY_E_NOTHING, -21),
    NUMBER(FRACTARY_RECORD_MAX, 65536),
    NUMBER(FRACTARY_ERROR_MESSAGE, 512),
    NUMBER(FRACTARY_ERROR_CAUSE, 2048),
    NUMBER(FRACTARY_ERROR_ADVICE, 512),
    NUMBER(FRACTARY_ERROR_PLACE, 512),
    NUMBER(FRACTARY_PROCESS_SECRET, 1),
    NUMBER(FRACTARY_PROCESS_CAREFUL, 2),
    NUMBER(FRACTARY_STDOUT, 1),
    NUMBER(FRACTARY_STDERR, 2),
    NUMBER(FRACTARY_HTTP_DONE, 0),
    NUMBER(FRACTARY_HTTP_RETRY, 1),
    NUMBER(FRACTARY_HTTP_THROTTLED, 2),
    NUMBER(FRACTARY_CONFIRM_ASK, 1),
    NUMBER(FRACTARY_CONFIRM_YES, 2),
    NUMBER(FRACTARY_IAC_UPGRADE, 1),
    NUMBER(FRACTARY_IAC_FORCE, 2),
    NUMBER(FRACTARY_IAC_DESTROY, 1),
    NUMBER(FRACTARY_IAC_REFRESH_OFF, 2),
    NUMBER(FRACTARY_IAC_REFRESH_ONLY, 4),
    NUMBER(FRACTARY_IAC_REVEAL, 1),
};

START_TEST(numbers_are_as_recorded)
{
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        ck_assert_msg(numbers[i].value == numbers[i].recorded, "%s is %lld, recorded %lld",
                      numbers[i].name, numbers[i].value, numbers[i].recorded);
}
END_TEST

#define ID(name, text)                                                                             \
    {                                                                                              \
#name, name, text                                                                          \
    }

static const struct {
    const char *name, *value, *recorded;
} ids[] = {
    ID(FRACTARY_AGENT_1, "fractary.agent/1"),       ID(FRACTARY_PROCESS_1, "fractary.process/1"),
    ID(FRACTARY_HTTP_1, "fractary.http/1"),         ID(FRACTARY_FILES_1, "fractary.files/1"),
    ID(FRACTARY_ENVIRON_1, "fractary.environ/1"),   ID(FRACTARY_CONFIG_1, "fractary.config/1"),
    ID(FRACTARY_REGISTRY_1, "fractary.registry/1"), ID(FRACTARY_RUN_1, "fractary.run/1"),
    ID(FRACTARY_IDENTITY_1, "fractary.identity/1"), ID(FRACTARY_GUARD_1, "fractary.guard/1"),
    ID(FRACTARY_CONFIRM_1, "fractary.confirm/1"),   ID(FRACTARY_CLOCK_1, "fractary.clock/1"),
    ID(FRACTARY_PROGRESS_1, "fractary.progress/1"), ID(FRACTARY_HANDLERS_1, "fractary.handlers/1"),
    ID(FRACTARY_SKILLS_1, "fractary.skills/1"),     ID(FRACTARY_HOSTING_1, "fractary.hosting/1"),
    ID(FRACTARY_IAC_1, "fractary.iac/1"),           ID(FRACTARY_SKILL_1, "fractary.skill/1"),
};

START_TEST(ids_are_as_recorded)
{
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        ck_assert_msg(strcmp(ids[i].value, ids[i].recorded) == 0, "%s is %s, recorded %s",
                      ids[i].name, ids[i].value, ids[i].recorded);
}
END_TEST

/* --------------------------------------------------------------- completeness */

static int is_recorded(const char *name)
{
    for (size_t i = 0; i < LAYOUT; i++) {
        if (strcmp(layout[i].type, name) == 0)
            return 1;
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (strcmp(numbers[i].name, name) == 0)
            return 1;
    }
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        if (strcmp(ids[i].name, name) == 0)
            return 1;
    }
    return 0;
}

/* The name that a line of a header defines, if it defines one to record. */
static int defines(const char *line, char name[96])
{
    char space[2] = "";
    char last[2] = "";

    if (sscanf(line, "typedef struct %90[a-z_] %1[{]", name, last) == 2 ||
        sscanf(line, "struct %90[a-z_] %1[{]", name, last) == 2)
        return 1;
    return sscanf(line, "#define %90[A-Z_0-9]%1[ ] %1[-(0-9\"]", name, space, last) == 3 &&
           strcmp(name, "FRACTARY_ABI") != 0;
}

static int32_t check_header(void *context, const char *name, unsigned char kind)
{
    size_t *found = context;
    char *source = getenv("FRACTARY_SOURCE");
    char *folder = fr_path_join(source != NULL ? source : ".", "include/fractary");
    char *path = fr_path_join(folder, name);
    fr_buf text = {0};
    char defined[96];

    (void)kind;
    ck_assert_int_eq(fr_file_read(path, 1 << 20, &text, NULL), FRACTARY_OK);
    for (char *rest = text.data, *line; (line = strsep(&rest, "\n")) != NULL;) {
        if (!defines(line, defined))
            continue;
        ck_assert_msg(is_recorded(defined), "%s: %s is not recorded", name, defined);
        ++*found;
    }
    fr_buf_finish(&text);
    free(path);
    free(folder);
    return FRACTARY_OK;
}

START_TEST(everything_in_the_headers_is_recorded)
{
    char *source = getenv("FRACTARY_SOURCE");
    char *folder = fr_path_join(source != NULL ? source : ".", "include/fractary");
    size_t found = 0;

    ck_assert_int_eq(fr_file_list(folder, 100, check_header, &found, NULL), FRACTARY_OK);
    ck_assert_uint_ge(found, 90);
    free(folder);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("abi_layout");
    TCase *tests = tcase_create("abi_layout");

    tcase_add_test(tests, nothing_has_moved);
    tcase_add_test(tests, every_member_is_recorded);
    tcase_add_test(tests, tables_and_requests_begin_with_their_size);
    tcase_add_test(tests, numbers_are_as_recorded);
    tcase_add_test(tests, ids_are_as_recorded);
    tcase_add_test(tests, everything_in_the_headers_is_recorded);
    suite_add_tcase(suite, tests);
    return fixture_run(suite);
}
