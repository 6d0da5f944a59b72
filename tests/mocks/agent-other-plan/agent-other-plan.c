/* Has one plan approved, and applies another. */
#include "../agent.h"

MOCK_DEVIANT("agent-other-plan", .applied = "other")
