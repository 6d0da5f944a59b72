#include "terraform.h"

#include <stdlib.h>

static const fractary_iac iac = {
    .size = sizeof iac,
    .init = fr_tf_init,
    .validate = fr_tf_validate,
    .plan = fr_tf_plan,
    .apply = fr_tf_apply,
    .destroy = fr_tf_destroy,
    .show = fr_tf_show,
    .parse_error = fr_tf_parse_error,
};

static void destroy(void *instance)
{
    fr_tf *tf = instance;
    if (tf == NULL)
        return;
    fr_tf_settings_finish(&tf->settings);
    free(tf->tool.path);
    free(tf->data);
    free(tf);
}

static int32_t take_services(fr_tf *tf, const fractary_host *host, fractary_error *error)
{
    tf->process = host->service(host, FRACTARY_PROCESS_1);
    tf->files = host->service(host, FRACTARY_FILES_1);
    tf->config = host->service(host, FRACTARY_CONFIG_1);
    tf->run = host->service(host, FRACTARY_RUN_1);
    tf->progress = host->service(host, FRACTARY_PROGRESS_1); /* works without */
    const struct {
        const char *id;
        const void *table;
    } needed[] = {{FRACTARY_PROCESS_1, tf->process},
                  {FRACTARY_FILES_1, tf->files},
                  {FRACTARY_CONFIG_1, tf->config},
                  {FRACTARY_RUN_1, tf->run}};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        if (needed[i].table != NULL)
            continue;
        fr_error_set(error, FRACTARY_E_UNSUPPORTED, "this host does not offer %s", needed[i].id);
        fr_error_advice(error, "install the fractary that this plugin was built for");
        return FRACTARY_E_UNSUPPORTED;
    }
    return FRACTARY_OK;
}

static int32_t create(const fractary_host *host, void **instance, fractary_error *error)
{
    fr_tf *tf = calloc(1, sizeof *tf);
    if (tf == NULL)
        return fr_error_nomem(error);
    int32_t status = take_services(tf, host, error);
    if (status == FRACTARY_OK)
        status = fr_tf_settings_init(tf, error);
    if (status != FRACTARY_OK) {
        destroy(tf);
        return status;
    }
    *instance = tf;
    return FRACTARY_OK;
}

static const void *get_interface(void *instance, const char *id)
{
    (void)instance;
    return fr_str_equal(id, FRACTARY_IAC_1) ? &iac : NULL;
}

const fractary_plugin fractary_plugin_entry = {
    .size = sizeof(fractary_plugin),
    .abi = FRACTARY_ABI,
    .id = FR_TF_ID,
    .version = FR_TF_VERSION,
    .create = create,
    .destroy = destroy,
    .get_interface = get_interface,
};
