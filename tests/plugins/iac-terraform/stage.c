#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char small_module[] = "resource \"terraform_data\" \"a\" {\n}\n";

static void prepare(fr_stage *stage, const char *section, const char *main_tf)
{
    memset(stage, 0, sizeof *stage);
    stage->host = fr_fakehost_create("plugins/iac-terraform/plugin.json");
    fr_fakehost_section(stage->host, section != NULL ? section : "{}");
    fr_fakehost_write(stage->host, "project/main.tf", main_tf != NULL ? main_tf : small_module);
}

void fr_stage_open(fr_stage *stage, const char *section, const char *main_tf)
{
    prepare(stage, section, main_tf);
}

static int have(const char *name)
{
    const char *path = getenv("PATH");
    while (path != NULL && *path != '\0') {
        size_t length = strcspn(path, ":");
        char *full = fr_str_format("%.*s/%s", (int)length, path, name);
        int found = full != NULL && access(full, X_OK) == 0;
        free(full);
        if (found)
            return 1;
        path += length + (path[length] == ':');
    }
    return 0;
}

int fr_stage_open_really(fr_stage *stage, const char *test, const char *section,
                         const char *main_tf)
{
    if (!have("terraform") && !have("tofu")) {
        printf("SKIP: %s: neither terraform nor tofu is installed\n", test);
        return 0;
    }
    prepare(stage, section, main_tf);
    fr_fakehost_run_really(stage->host);
    return 1;
}

void fr_stage_close(fr_stage *stage)
{
    fr_fakehost_destroy(stage->host);
}

void fr_stage_restart(fr_stage *stage)
{
    fr_fakehost_stop(stage->host);
    stage->instance = NULL;
}

void fr_stage_main(fr_stage *stage, const char *text)
{
    fr_fakehost_write(stage->host, "project/main.tf", text);
}

/* ----------------------------------------------------------------- methods */

static const fractary_call *begin(fr_stage *stage)
{
    static const fractary_error none = FR_ERROR_INIT;
    if (stage->instance == NULL) {
        stage->instance = fr_fakehost_start(stage->host, &fractary_plugin_entry);
        stage->iac = fr_fakehost_interface(stage->host, FRACTARY_IAC_1);
    }
    fr_fakehost_forget(stage->host);
    stage->error = none;
    return fr_fakehost_begin(stage->host, 0);
}

static int32_t end(fr_stage *stage, int32_t status)
{
    fr_fakehost_end(stage->host);
    if (status != FRACTARY_OK) {
        ck_assert_msg(*stage->error.message != '\0', "status %d without a message", (int)status);
        ck_assert_int_eq(stage->error.status, status);
    }
    ck_assert_uint_eq(fr_fakehost_late(stage->host), 0);
    return status;
}

int32_t fr_stage_init(fr_stage *stage, uint32_t flags)
{
    const fractary_call *call = begin(stage);
    fractary_iac_init_request request = {.size = sizeof request, .flags = flags};
    return end(stage, stage->iac->init(stage->instance, call, &request, &stage->error));
}

int32_t fr_stage_validate(fr_stage *stage)
{
    const fractary_call *call = begin(stage);
    fractary_iac_validate_request request = {.size = sizeof request};
    return end(stage, stage->iac->validate(stage->instance, call, &request, &stage->error));
}

int32_t fr_stage_plan(fr_stage *stage, uint32_t flags)
{
    const fractary_call *call = begin(stage);
    fractary_iac_plan_request request = {.size = sizeof request, .flags = flags, .name = "plan"};
    return end(stage, stage->iac->plan(stage->instance, call, &request, &stage->error));
}

int32_t fr_stage_apply(fr_stage *stage)
{
    const fractary_call *call = begin(stage);
    fractary_iac_apply_request request = {.size = sizeof request, .name = "plan"};
    return end(stage, stage->iac->apply(stage->instance, call, &request, &stage->error));
}

int32_t fr_stage_destroy(fr_stage *stage)
{
    const fractary_call *call = begin(stage);
    fractary_iac_apply_request request = {.size = sizeof request, .name = "plan"};
    return end(stage, stage->iac->destroy(stage->instance, call, &request, &stage->error));
}

int32_t fr_stage_show(fr_stage *stage)
{
    const fractary_call *call = begin(stage);
    fractary_iac_show_request request = {.size = sizeof request};
    return end(stage, stage->iac->show(stage->instance, call, &request, &stage->error));
}

int32_t fr_stage_parse_error(fr_stage *stage, const char *text)
{
    const fractary_call *call = begin(stage);
    fractary_iac_parse_error_request request = {
        .size = sizeof request, .text = text, .length = strlen(text)};
    return end(stage, stage->iac->parse_error(stage->instance, call, &request, &stage->error));
}

/* ------------------------------------------------------------------ checks */

void fr_stage_expect(fr_stage *stage, int32_t status, int32_t wanted)
{
    ck_assert_msg(status == wanted, "status %d, wanted %d: %s | %s | %s\n%s", (int)status,
                  (int)wanted, stage->error.message, stage->error.cause, stage->error.advice,
                  fr_fakehost_dump(stage->host));
}

const fr_json *fr_stage_diagnostic(fr_stage *stage, const char *category)
{
    const fr_json *record = fr_fakehost_where(stage->host, "diagnostic", "category", category, 0);
    ck_assert_msg(record != NULL, "no diagnostic of category %s in\n%s", category,
                  fr_fakehost_dump(stage->host));
    const char *advice = fr_json_get_string(record, "advice");
    ck_assert_msg(advice != NULL && *advice != '\0', "a diagnostic without advice");
    return record;
}
