/* Has the removal approved, and applies. */
#include "../agent.h"

MOCK_DEVIANT("agent-other-method", .approved = "destroy")
