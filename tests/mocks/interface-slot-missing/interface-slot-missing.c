/* Hands out a table without its mandatory method. */
#include "../mock.h"

static const fractary_skill mock_table = {sizeof mock_table, NULL};
MOCK_GET(FRACTARY_SKILL_1, &mock_table)
MOCK_ENTRY("interface-slot-missing", MOCK_FUNCTIONS)
