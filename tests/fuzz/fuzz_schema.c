/* A JSON text {"schema": …, "value": …}: no crash and no endless work whatever
 * both are, an error always says something, and defaults can be filled in. */
#include "base/schema.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const fr_json *schema, fr_json *value)
{
    fractary_error error = FR_ERROR_INIT;
    const int32_t status = fr_schema_check(schema, value, &error);

    if (status != FRACTARY_OK && (error.status != status || error.message[0] == '\0'))
        abort();
    if (status == FRACTARY_OK)
        fr_schema_fill(schema, value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fr_json *both = fr_json_parse((const char *)data, size, NULL);
    fr_json *value = fr_json_get(both, "value");

    if (fr_json_get(both, "schema") != NULL && value != NULL)
        check(fr_json_get(both, "schema"), value);
    fr_json_free(both);
    return 0;
}
