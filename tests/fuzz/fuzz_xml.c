/* Whatever the text: no crash, nothing read from elsewhere, and every element
 * can be walked over and read. */
#include <fractary-plugin/xml.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t walk(const fr_xml *element, fr_buf *text)
{
    size_t count = 0;

    for (; element != NULL; element = fr_xml_next(element, NULL)) {
        fr_buf_clear(text);
        if (fr_xml_name(element) == NULL || fr_xml_text(element, text) != FRACTARY_OK)
            abort();
        count += 1 + walk(fr_xml_child(element, NULL), text);
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fr_buf text = {0};
    fr_xml_document *document = fr_xml_parse((const char *)data, size);

    if (document != NULL && walk(fr_xml_root(document), &text) == 0)
        abort();
    fr_xml_find(fr_xml_root(document), "Error/Code");
    fr_xml_free(document);
    fr_buf_finish(&text);
    return 0;
}
