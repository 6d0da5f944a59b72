/* Says that its entry is larger than what it exports. */
#include "../mock.h"

static const fractary_skill mock_table = {sizeof mock_table, mock_run};
MOCK_GET(FRACTARY_SKILL_1, &mock_table)
const fractary_plugin fractary_plugin_entry = {
    .size = 4096, .abi = FRACTARY_ABI, .id = "size-beyond", .version = "1.0.0", MOCK_FUNCTIONS};
