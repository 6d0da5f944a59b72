/* Asks nobody. */
#include "../agent.h"

MOCK_DEVIANT("agent-no-approval", .no_approval = 1)
