/* Whatever the code: the scan comes to an end, and facts do not depend on what
 * stands behind it. */
#include <stdlib.h>
#include <string.h>

#include "facts.h"
#include "hcl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Pieces lie in the text, one behind the other. */
static void check_pieces(const char *text, size_t length)
{
    fr_hcl hcl = {.next = text, .end = text + length};
    const char *last = text;
    for (;;) {
        fr_hcl_piece piece = fr_hcl_next(&hcl);
        if (piece.text < last || piece.text + piece.length > text + length)
            abort();
        if (piece.kind == FR_HCL_END)
            return;
        if (piece.length == 0)
            abort();
        last = piece.text + piece.length;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    fr_tf_facts facts = {0};
    check_pieces(text, size);
    fr_tf_facts_hcl(&facts, text, size);
    fr_tf_facts_json(&facts, text, size);
    fr_tf_facts_finish(&facts);
    return 0;
}
