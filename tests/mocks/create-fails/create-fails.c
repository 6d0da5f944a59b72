/* Cannot make an instance, and says why. */
#include "../mock.h"

static int32_t create(const fractary_host *host, void **instance, fractary_error *error)
{
    (void)host;
    (void)instance;
    fr_error_set(error, FRACTARY_E_CONFIG, "the moon is not configured");
    fr_error_cause(error, "there is no moon");
    return FRACTARY_E_CONFIG;
}

static const fractary_skill mock_table = {sizeof mock_table, mock_run};
MOCK_GET(FRACTARY_SKILL_1, &mock_table)
MOCK_ENTRY("create-fails", .create = create, .destroy = mock_destroy, .get_interface = mock_get)
