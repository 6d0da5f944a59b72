#include "service/service.h"

#include <fractary-plugin/str.h>
#include <string.h>

#include "base/path.h"

/* Stands for an environment where there is none. */
#define NO_ENVIRONMENT "_"

void fr_service_copy(void *to, size_t size, const void *from)
{
    uint32_t given = 0;

    memcpy(&given, from, sizeof given);
    memset(to, 0, size);
    memcpy(to, from, given < size ? given : size);
}

int32_t fr_service_answer(const fractary_sink *out, const char *text, fractary_error *error)
{
    return text != NULL ? fr_service_answer_bytes(out, text, strlen(text), error)
                        : fr_error_nomem(error);
}

int32_t fr_service_answer_bytes(const fractary_sink *out, const char *data, uint64_t length,
                                fractary_error *error)
{
    if (out == NULL || out->emit == NULL)
        return fr_error_set(error, FRACTARY_E_INVALID, "there is no sink for the answer");
    const int32_t status = out->emit(out->context, data, length);
    if (status != FRACTARY_OK)
        fr_error_set(error, status, "the answer was not taken");
    return status;
}

int32_t fr_service_demand_run(const fr_context *context, fractary_error *error)
{
    if (context->run != NULL)
        return FRACTARY_OK;
    return fr_error_set(error, FRACTARY_E_UNSUPPORTED, "this command keeps no run");
}

int32_t fr_service_demand_project(const fr_context *context, fractary_error *error)
{
    if (context->config != NULL)
        return FRACTARY_OK;
    fr_error_set(error, FRACTARY_E_UNSUPPORTED, "there is no project here");
    fr_error_advice(error, "Run the command in a project's folder, or `fractary init` first.");
    return FRACTARY_E_UNSUPPORTED;
}

int32_t fr_service_data_folder(const fr_context *context, const fr_guest *guest, char **out,
                               fractary_error *error)
{
    const char *environment = *guest->environment != '\0' ? guest->environment : NO_ENVIRONMENT;
    const char *parts[] = {environment, context->stack, guest->id};
    const int32_t status = fr_service_demand_project(context, error);

    if (status != FRACTARY_OK)
        return status;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!fr_path_is_component(parts[i]))
            return fr_error_set(error, FRACTARY_E_INVALID, "\"%s\" cannot name a folder",
                                parts[i] != NULL ? parts[i] : "");
    *out = fr_str_format("%s/data/%s/%s/%s", fr_config_folder(context->config), parts[0], parts[1],
                         parts[2]);
    return *out != NULL ? FRACTARY_OK : fr_error_nomem(error);
}
