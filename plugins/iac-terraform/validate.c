#include "command.h"
#include "diagnostics.h"
#include "init.h"
#include "init_state.h"
#include "report.h"
#include "settings_check.h"
#include "tool.h"

/* Where the code can be checked: in the real data folder when that is up to
 * date, else in one that is initialised without backend and credentials. */
static int32_t choose_data(fr_tf *tf, const fractary_call *call, const char **data_dir,
                           fractary_error *error)
{
    static const char *const folders[] = {FR_TF_DATA_MAIN, FR_TF_DATA_VALIDATE};
    for (size_t i = 0; i < 2; i++) {
        int needed = 1;
        *data_dir = folders[i];
        int32_t status = fr_tf_init_needed(tf, folders[i], &needed, error);
        if (status != FRACTARY_OK || !needed)
            return status;
    }
    return fr_tf_initialise_offline(tf, call, error);
}

static int32_t take_diagnostics(const fr_tf *tf, const fr_json *answer, fr_tf_report *report)
{
    const fr_json *list = fr_json_get(answer, "diagnostics");
    int32_t status = FRACTARY_OK;
    for (const fr_json *d = fr_json_first(list); d != NULL && status == FRACTARY_OK;
         d = fr_json_next(d))
        status = fr_tf_report_add(report, fr_tf_diagnostic_record(tf, d));
    return status;
}

static int32_t judge(const fr_tf *tf, const fractary_call *call, const fr_json *answer,
                     fractary_error *error)
{
    fr_tf_report report = {.tf = tf};
    int32_t status = take_diagnostics(tf, answer, &report);
    if (status != FRACTARY_OK)
        fr_error_nomem(error);
    else if (fr_tf_report_errors(&report) > 0 || !fr_json_get_bool(answer, "valid", 0))
        status = fr_tf_report_fail(&report, "validate", error);
    int32_t emitted = fr_tf_report_emit(&report, call);
    fr_tf_report_finish(&report);
    return status == FRACTARY_OK ? emitted : status;
}

static int32_t run_validate(fr_tf *tf, const fractary_call *call, const char *data_dir,
                            fractary_error *error)
{
    fr_tf_command command = {.label = "validate", .data_dir = data_dir};
    fr_tf_arg(&command, "validate");
    fr_tf_arg(&command, "-json");
    fr_tf_arg(&command, "-no-color");
    fr_tf_capture capture = {0};
    fr_json *answer = NULL;
    int32_t status = fr_tf_command_capture(tf, call, &command, &capture, error);
    if (status == FRACTARY_OK)
        status = fr_tf_capture_json(tf, &capture, "validate", &answer, error);
    if (status == FRACTARY_OK)
        status = judge(tf, call, answer, error);
    fr_json_free(answer);
    fr_tf_capture_finish(&capture);
    return status;
}

int32_t fr_tf_validate(void *instance, const fractary_call *call,
                       const fractary_iac_validate_request *request, fractary_error *error)
{
    (void)request;
    fr_tf *tf = instance;
    const char *data_dir = NULL;
    int32_t status = fr_tf_begin(tf, call, error);
    if (status == FRACTARY_OK)
        status = fr_tf_settings_check_files(tf, error);
    if (status == FRACTARY_OK)
        status = choose_data(tf, call, &data_dir, error);
    return status == FRACTARY_OK ? run_validate(tf, call, data_dir, error) : status;
}
