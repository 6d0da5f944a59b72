/* Hands out a table that says it has no bytes. */
#include "../mock.h"

static const fractary_skill mock_table = {0, mock_run};
MOCK_GET(FRACTARY_SKILL_1, &mock_table)
MOCK_ENTRY("interface-size-zero", MOCK_FUNCTIONS)
