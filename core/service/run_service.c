/* fractary.run/1 */
#include <errno.h>
#include <fcntl.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "service/service.h"

typedef struct run_service {
    fractary_run table;
    fr_context *context;
    const fr_guest *guest;
} run_service;

/* Made beforehand, so that whatever writes into it cannot widen its mode: a
 * tool that creates its own file goes by the umask. */
static int32_t create_private(const char *path, fractary_error *error)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (descriptor >= 0 && close(descriptor) == 0)
        return FRACTARY_OK;
    int32_t status = errno == EEXIST ? FRACTARY_E_EXISTS : FRACTARY_E_IO;
    fr_error_set(error, status, "%s cannot be made", path);
    fr_error_cause(error, "%s", strerror(errno));
    return status;
}

static int32_t scratch(const fractary_run *self, const fractary_call *call, const char *name,
                       const fractary_sink *out, fractary_error *error)
{
    const run_service *service = self->context;
    int32_t status = fr_service_demand_run(service->context, error);

    (void)call;
    if (status != FRACTARY_OK)
        return status;
    if (!fr_path_is_component(name))
        return fr_error_set(error, FRACTARY_E_INVALID, "\"%s\" cannot name a file",
                            name != NULL ? name : "");
    const char *folder = fr_run_scratch(service->context->run, error);
    if (folder == NULL)
        return FRACTARY_E_IO;
    char *path = fr_path_join(folder, name);
    status = path != NULL ? create_private(path, error) : fr_error_nomem(error);
    if (status == FRACTARY_OK)
        status = fr_service_answer(out, path, error);
    free(path);
    return status;
}

static int32_t seal(const fractary_run *self, const fractary_call *call, const char *name,
                    const char *path, char sha256[65], fractary_error *error)
{
    const run_service *service = self->context;
    fr_context *context = service->context;
    const char *hash = NULL;
    char old[65] = "";
    int32_t status = fr_service_demand_run(context, error);

    (void)call;
    if (status != FRACTARY_OK)
        return status;
    if (name == NULL || path == NULL)
        return fr_error_set(error, FRACTARY_E_INVALID, "name or path of the file is missing");
    if (fr_run_sealed(context->run, name, &hash) >= 0)
        memcpy(old, hash, sizeof old);
    status = fr_run_seal(context->run, name, path, sha256, error);
    if (status == FRACTARY_OK && *old != '\0')
        fr_gate_forget(context->gate, old);
    return status;
}

static int32_t data(const fractary_run *self, const fractary_call *call, const fractary_sink *out,
                    fractary_error *error)
{
    const run_service *service = self->context;
    char *folder = NULL;
    int32_t status = fr_service_data_folder(service->context, service->guest, &folder, error);

    (void)call;
    if (status == FRACTARY_OK)
        status = fr_file_make_folders(folder, 0700, error);
    if (status == FRACTARY_OK)
        status = fr_service_answer(out, folder, error);
    free(folder);
    return status;
}

static int32_t create(fr_context *context, const fr_guest *guest, void **out, fractary_error *error)
{
    run_service *service = calloc(1, sizeof *service);

    if (service == NULL)
        return fr_error_nomem(error);
    service->table = (fractary_run){sizeof service->table, service, scratch, seal, data};
    service->context = context;
    service->guest = guest;
    *out = service;
    return FRACTARY_OK;
}

const fr_service fr_run_service = {FRACTARY_RUN_1, NULL, create, free};
