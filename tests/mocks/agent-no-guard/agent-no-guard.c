/* Does not ask the guard before there is a plan. */
#include "../agent.h"

MOCK_DEVIANT("agent-no-guard", .no_first_guard = 1)
