/* Has no destroy. */
#include "../mock.h"

static const fractary_skill mock_table = {sizeof mock_table, mock_run};
MOCK_GET(FRACTARY_SKILL_1, &mock_table)
MOCK_ENTRY("slot-missing", .create = mock_create, .get_interface = mock_get)
