/* Has guard and approval speak of another environment. */
#include "../agent.h"

MOCK_DEVIANT("agent-other-environment", .elsewhere = "dev")
