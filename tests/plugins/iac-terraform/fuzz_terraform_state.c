/* Whatever the state: no crash, and every resource makes a record of allowed
 * size. */
#include <stdlib.h>

#include "state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int32_t take(void *context, const fr_tf_object *object)
{
    (void)context;
    fr_json *record = fr_tf_resource_record(object);
    fr_buf text = {0};
    if (record == NULL || fr_json_print(record, &text) != FRACTARY_OK ||
        text.length > FRACTARY_RECORD_MAX)
        abort();
    fr_buf_finish(&text);
    fr_json_free(record);
    return FRACTARY_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fr_json *state = fr_json_parse((const char *)data, size, NULL);
    if (fr_tf_state_walk(state, take, NULL) != FRACTARY_OK ||
        fr_tf_values_walk(state, take, NULL) != FRACTARY_OK)
        abort();
    fr_json_free(state);
    return 0;
}
