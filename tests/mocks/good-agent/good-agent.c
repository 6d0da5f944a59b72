/* An agent that deploys as it should, and does what its options say. */
#include "../agent.h"

static const deviation none = {0};

static int32_t hurry(deployment *d, const fr_json *options)
{
    fractary_call shortened = *d->call;

    shortened.deadline = (uint64_t)fr_json_get_int(options, "deadline", 0);
    shortened.environment = "elsewhere";
    d->call = &shortened;
    return run_skill(d, "good-skill", fr_json_get_string(options, "command"), NULL);
}

static int32_t stray(const deployment *d)
{
    const fractary_skills *skills = mock_service(d->instance, FRACTARY_SKILLS_1);

    return skills->call(skills, d->call, (fractary_handle *)(uintptr_t)d, "deadline", NULL, NULL,
                        d->error);
}

static int32_t run(void *instance, const fractary_call *call, const fractary_request *request,
                   fractary_error *error)
{
    fr_json *options = fr_json_parse(request->options, strlen(request->options), NULL);
    deployment d = {instance, call, *call, &none, error};
    int32_t status = FRACTARY_E_INVALID;

    if (strcmp(request->name, "deploy") == 0)
        status = mock_deploy(instance, call, &none, error);
    else if (strcmp(request->name, "hurry") == 0)
        status = hurry(&d, options);
    else if (strcmp(request->name, "stray") == 0)
        status = stray(&d);
    else if (strcmp(request->name, "ask") == 0)
        status = run_skill(&d, fr_json_get_string(options, "skill"),
                           fr_json_get_string(options, "command"),
                           fr_json_get_string(options, "options"));
    fr_json_free(options);
    return status;
}

MOCK_AGENT("good-agent", run)
