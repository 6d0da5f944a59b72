/* XML answers of cloud APIs, read-only. Names are matched without their
 * namespace. No network, no DTD, no entities; at most 64 MiB. The only user
 * of libxml2, so only a plugin that calls it links that library. */
#ifndef FRACTARY_PLUGIN_XML_H
#define FRACTARY_PLUGIN_XML_H

#include <fractary-plugin/buf.h>
#include <stddef.h>

typedef struct fr_xml_document fr_xml_document;
typedef struct _xmlNode fr_xml; /* an element, valid as long as its document */

/* NULL when the text is not well-formed, has a DTD or is too large. */
fr_xml_document *fr_xml_parse(const char *text, size_t length);
void fr_xml_free(fr_xml_document *document); /* accepts NULL */
const fr_xml *fr_xml_root(const fr_xml_document *document);

const char *fr_xml_name(const fr_xml *element);
/* First child element of that name, or the next sibling of the same name; a
 * NULL name takes any. NULL when there is none or `element` is NULL. */
const fr_xml *fr_xml_child(const fr_xml *element, const char *name);
const fr_xml *fr_xml_next(const fr_xml *element, const char *name);
/* Down a path of names: fr_xml_find(root, "Error/Code"). */
const fr_xml *fr_xml_find(const fr_xml *element, const char *path);
/* Appends the text inside the element, that of elements within it included;
 * FRACTARY_OK, FRACTARY_E_NOMEM, or FRACTARY_E_NOTFOUND
 * when `element` is NULL. */
int32_t fr_xml_text(const fr_xml *element, fr_buf *out);
/* Non-zero when the element is there and its text equals `text`. */
int fr_xml_is(const fr_xml *element, const char *text);

#endif
