/* Says that its entry has 4 GiB. */
#include "../mock.h"

static const fractary_skill mock_table = {sizeof mock_table, mock_run};
MOCK_GET(FRACTARY_SKILL_1, &mock_table)
const fractary_plugin fractary_plugin_entry = {
    .size = UINT32_MAX, .abi = FRACTARY_ABI, .id = "size-huge", .version = "1.0.0", MOCK_FUNCTIONS};
