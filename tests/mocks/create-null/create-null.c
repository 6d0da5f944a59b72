/* Succeeds without an instance. */
#include "../mock.h"

static int32_t create(const fractary_host *host, void **instance, fractary_error *error)
{
    (void)host;
    (void)error;
    *instance = NULL;
    return FRACTARY_OK;
}

static const fractary_skill mock_table = {sizeof mock_table, mock_run};
MOCK_GET(FRACTARY_SKILL_1, &mock_table)
MOCK_ENTRY("create-null", .create = create, .destroy = mock_destroy, .get_interface = mock_get)
