/* Crashes in the way that it is asked to. */
#include "../mock.h"

#include <signal.h>
#include <stdio.h>

/* Deeper and deeper: what is volatile keeps the compiler from seeing that it
 * never ends, and from making a loop of it. */
static int sink_down(volatile char *above)
{
    volatile char here[4096];

    here[0] = above != NULL ? above[0] : 1;
    if (here[0] == 0)
        return 0;
    return sink_down(here) + here[0];
}

static void segfault(void)
{
    raise(SIGSEGV);
}

static void illegal(void)
{
    __builtin_trap();
}

static void overflow(void)
{
    printf("%d", sink_down(NULL));
}

static const struct {
    const char *name;
    void (*crash)(void);
} ways[] = {
    {"segfault", segfault},
    {"abort", abort},
    {"illegal", illegal},
    {"overflow", overflow},
};

static int32_t run(void *instance, const fractary_call *call, const fractary_request *request,
                   fractary_error *error)
{
    (void)instance;
    (void)error;
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        if (strcmp(ways[i].name, request->name) == 0)
            ways[i].crash();
    }
    return mock_say(call, "still there");
}

MOCK_SKILL("crashes", run)
