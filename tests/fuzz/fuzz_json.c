/* Whatever the text: no crash, and what was accepted comes back the same from
 * its own printed form. */
#include <fractary-plugin/json.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(int condition)
{
    if (!condition)
        abort();
}

static void check_round_trip(const fr_json *root, int32_t (*print)(const fr_json *, fr_buf *))
{
    fr_buf text = {0};

    demand(print(root, &text) == FRACTARY_OK);
    fr_json *again = fr_json_parse(text.data, text.length, NULL);
    demand(again != NULL && fr_json_equal(root, again));
    fr_json_free(again);
    fr_buf_finish(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fr_json_fault fault;
    fr_json *root = fr_json_parse((const char *)data, size, &fault);

    if (root == NULL) {
        demand(fault.line >= 1 && fault.column >= 1 && fault.reason[0] != '\0');
        return 0;
    }
    check_round_trip(root, fr_json_print);
    check_round_trip(root, fr_json_print_pretty);
    fr_json *copy = fr_json_copy(root);
    demand(fr_json_equal(copy, root));
    if (fr_json_kind_of(root) == FR_JSON_OBJECT)
        demand(fr_json_merge(copy, root) == FRACTARY_OK);
    fr_json_free(copy);
    fr_json_free(root);
    return 0;
}
