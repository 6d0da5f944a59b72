/* Is built for a later ABI than its manifest says. */
#include "../mock.h"

static const fractary_skill mock_table = {sizeof mock_table, mock_run};
MOCK_GET(FRACTARY_SKILL_1, &mock_table)
const fractary_plugin fractary_plugin_entry = {.size = sizeof(fractary_plugin),
                                               .abi = 2u << 16,
                                               .id = "wrong-major",
                                               .version = "1.0.0",
                                               MOCK_FUNCTIONS};
