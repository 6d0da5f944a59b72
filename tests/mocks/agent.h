/*
 * A mock agent: it deploys in the order that the core wants, or leaves out
 * what its table of deviations says.
 */
#ifndef MOCK_AGENT_H
#define MOCK_AGENT_H

#include "mock.h"

/* What an agent does otherwise; all zero is an agent as it should be. */
typedef struct deviation {
    int no_first_guard;    /* none before the plan                            */
    int no_second_guard;   /* none for the plan                               */
    int no_approval;       /* nobody asked                                    */
    const char *approved;  /* method that is approved instead of apply        */
    const char *applied;   /* plan that is applied instead of the approved one */
    int planned_anew;      /* the plan is made again after the approval       */
    const char *elsewhere; /* environment that guard and approval are told    */
} deviation;

typedef struct deployment {
    const void *instance;
    const fractary_call *call;
    fractary_call told; /* what guard and confirm are handed */
    const deviation *otherwise;
    fractary_error *error;
} deployment;

static inline int32_t run_skill(const deployment *d, const char *id, const char *command,
                                const char *options)
{
    const fractary_skills *skills = mock_service(d->instance, FRACTARY_SKILLS_1);
    fractary_handle *handle = NULL;
    int32_t status = skills->open(skills, d->call, id, &handle, d->error);

    if (status != FRACTARY_OK)
        return status;
    return skills->call(skills, d->call, handle, command, options, NULL, d->error);
}

static inline int32_t first_guard(const deployment *d)
{
    const fractary_guard *guard = mock_service(d->instance, FRACTARY_GUARD_1);

    if (d->otherwise->no_first_guard)
        return FRACTARY_OK;
    return guard->check(guard, &d->told, "deploy", NULL, d->error);
}

static inline int32_t preview(const deployment *d)
{
    int32_t status = run_skill(d, "good-skill", "preview", "{\"target\":\"one\"}");

    if (status == FRACTARY_OK && d->otherwise->applied != NULL)
        status =
            run_skill(d, "good-skill", "preview", "{\"target\":\"another\",\"plan\":\"other\"}");
    return status;
}

static inline int32_t second_guard(const deployment *d)
{
    const fractary_guard *guard = mock_service(d->instance, FRACTARY_GUARD_1);

    if (d->otherwise->no_second_guard)
        return FRACTARY_OK;
    return guard->check(guard, &d->told, "deploy", "plan", d->error);
}

static inline int32_t approval(const deployment *d)
{
    const fractary_confirm *confirm = mock_service(d->instance, FRACTARY_CONFIRM_1);
    const char *method = d->otherwise->approved != NULL ? d->otherwise->approved : "apply";
    const fractary_approval_request request = {.size = sizeof request,
                                               .flags = FRACTARY_CONFIRM_YES,
                                               .plan = "plan",
                                               .method = method,
                                               .purpose = "deploy",
                                               .summary = "adds one thing"};

    if (d->otherwise->no_approval)
        return FRACTARY_OK;
    return confirm->approve(confirm, &d->told, &request, d->error);
}

static inline int32_t plan_anew(const deployment *d)
{
    if (!d->otherwise->planned_anew)
        return FRACTARY_OK;
    return run_skill(d, "good-skill", "preview", "{\"target\":\"something else\"}");
}

static inline int32_t apply_plan(const deployment *d)
{
    const char *options = d->otherwise->applied != NULL ? "{\"plan\":\"other\"}" : NULL;

    return run_skill(d, "good-skill", "deploy", options);
}

static inline int32_t mock_deploy(const void *instance, const fractary_call *call,
                                  const deviation *otherwise, fractary_error *error)
{
    static int32_t (*const steps[])(const deployment *) = {
        first_guard, preview, second_guard, approval, plan_anew, apply_plan,
    };
    deployment d = {instance, call, *call, otherwise, error};
    int32_t status = FRACTARY_OK;

    if (otherwise->elsewhere != NULL)
        d.told.environment = otherwise->elsewhere;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && status == FRACTARY_OK; i++)
        status = steps[i](&d);
    return status;
}

/* An agent that has only run_function(). */
#define MOCK_AGENT(name, run_function)                                                             \
    static const fractary_agent mock_table = {sizeof mock_table, run_function};                    \
    MOCK_GET(FRACTARY_AGENT_1, &mock_table)                                                        \
    MOCK_ENTRY(name, MOCK_FUNCTIONS)

/* An agent that deploys, otherwise than it should. */
#define MOCK_DEVIANT(name, ...)                                                                    \
    static int32_t run(void *instance, const fractary_call *call, const fractary_request *request, \
                       fractary_error *error)                                                      \
    {                                                                                              \
        static const deviation otherwise = {__VA_ARGS__};                                          \
        (void)request;                                                                             \
        return mock_deploy(instance, call, &otherwise, error);                                     \
    }                                                                                              \
    MOCK_AGENT(name, run)

#endif
