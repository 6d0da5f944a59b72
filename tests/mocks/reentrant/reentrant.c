/* Calls a skill again from within a record of that skill's call. */
#include "../agent.h"

typedef struct loop {
    deployment d;
    int32_t inner; /* status of the second call */
} loop;

static int32_t on_record(void *context, const char *data, uint64_t length)
{
    loop *l = context;

    (void)data;
    (void)length;
    l->inner = run_skill(&l->d, "good-skill", "deadline", NULL);
    return FRACTARY_OK;
}

static int32_t run(void *instance, const fractary_call *call, const fractary_request *request,
                   fractary_error *error)
{
    static const deviation none = {0};
    const fractary_skills *skills = mock_service(instance, FRACTARY_SKILLS_1);
    loop l = {.d = {instance, call, *call, &none, error}};
    const fractary_sink listener = {&l, on_record};
    fractary_handle *handle = NULL;
    int32_t status = skills->open(skills, call, "good-skill", &handle, error);

    (void)request;
    if (status == FRACTARY_OK)
        status = skills->call(skills, call, handle, "deadline", NULL, &listener, error);
    return status == FRACTARY_OK ? l.inner : status;
}

MOCK_AGENT("reentrant", run)
