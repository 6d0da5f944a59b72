/* Does not ask the guard about the plan. */
#include "../agent.h"

MOCK_DEVIANT("agent-no-plan-guard", .no_second_guard = 1)
