/* Plans again after the approval. */
#include "../agent.h"

MOCK_DEVIANT("agent-stale-approval", .planned_anew = 1)
