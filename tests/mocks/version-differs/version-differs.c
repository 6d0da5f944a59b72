/* Has another version than its manifest. */
#include "../mock.h"

static const fractary_skill mock_table = {sizeof mock_table, mock_run};
MOCK_GET(FRACTARY_SKILL_1, &mock_table)
const fractary_plugin fractary_plugin_entry = {.size = sizeof(fractary_plugin),
                                               .abi = FRACTARY_ABI,
                                               .id = "version-differs",
                                               .version = "1.0.1",
                                               MOCK_FUNCTIONS};
