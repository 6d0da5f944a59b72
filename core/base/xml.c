#include <fractary-plugin/xml.h>

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX (64 << 20)

struct fr_xml_document {
    xmlDoc *tree;
};

/* ------------------------------------------------------------------ parsing */

/* A document type brings entities, defaults and outside files: none of it is
 * in an answer of a cloud, all of it in attacks. Stops at the word itself. */
static void refuse_document_type(void *context, const xmlChar *name, const xmlChar *public_id,
                                 const xmlChar *system_id)
{
    (void)name;
    (void)public_id;
    (void)system_id;
    xmlStopParser(context);
}

static void ignore_error(void *context, xmlErrorPtr error)
{
    (void)context;
    (void)error;
}

static xmlDoc *read_tree(const char *text, int length)
{
    xmlDoc *tree = NULL;
    xmlParserCtxt *parser = xmlNewParserCtxt();

    if (parser == NULL)
        return NULL;
    parser->sax->internalSubset = refuse_document_type;
    tree = xmlCtxtReadMemory(parser, text, length, NULL, NULL,
                             XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                 XML_PARSE_NOCDATA);
    xmlFreeParserCtxt(parser);
    return tree;
}

/* Some of libxml2's errors know no parser and would go to stderr: while we
 * parse, this thread's handler drops them. */
static xmlDoc *read_quietly(const char *text, int length)
{
    xmlInitParser();
    const xmlStructuredErrorFunc handler = xmlStructuredError;
    void *const context = xmlStructuredErrorContext;
    xmlSetStructuredErrorFunc(NULL, ignore_error);
    xmlDoc *tree = read_tree(text, length);
    xmlSetStructuredErrorFunc(context, handler);
    return tree;
}

fr_xml_document *fr_xml_parse(const char *text, size_t length)
{
    if (text == NULL || length == 0 || length > TEXT_MAX)
        return NULL;
    fr_xml_document *document = calloc(1, sizeof *document);
    if (document == NULL)
        return NULL;
    document->tree = read_quietly(text, (int)length);
    if (document->tree != NULL && xmlDocGetRootElement(document->tree) != NULL)
        return document;
    fr_xml_free(document);
    return NULL;
}

void fr_xml_free(fr_xml_document *document)
{
    if (document == NULL)
        return;
    xmlFreeDoc(document->tree);
    free(document);
}

/* ------------------------------------------------------------------ walking */

const fr_xml *fr_xml_root(const fr_xml_document *document)
{
    return document != NULL ? xmlDocGetRootElement(document->tree) : NULL;
}

const char *fr_xml_name(const fr_xml *element)
{
    return element != NULL ? (const char *)element->name : NULL;
}

static int is_named(const xmlNode *node, const char *name, size_t length)
{
    if (node->type != XML_ELEMENT_NODE)
        return 0;
    const char *own = (const char *)node->name;
    return name == NULL || (strncmp(own, name, length) == 0 && own[length] == '\0');
}

/* `node` itself or the first of its later siblings of that name. */
static const xmlNode *first_named(const xmlNode *node, const char *name, size_t length)
{
    while (node != NULL && !is_named(node, name, length))
        node = node->next;
    return node;
}

const fr_xml *fr_xml_child(const fr_xml *element, const char *name)
{
    return element != NULL ? first_named(element->children, name, name != NULL ? strlen(name) : 0)
                           : NULL;
}

const fr_xml *fr_xml_next(const fr_xml *element, const char *name)
{
    return element != NULL ? first_named(element->next, name, name != NULL ? strlen(name) : 0)
                           : NULL;
}

const fr_xml *fr_xml_find(const fr_xml *element, const char *path)
{
    while (element != NULL && *path != '\0') {
        const size_t length = strcspn(path, "/");
        element = first_named(element->children, path, length);
        path += length;
        path += *path == '/';
    }
    return element;
}

/* --------------------------------------------------------------------- text */

/* As deep as the parser lets a document be, which is 256 levels. */
static void append_text(const xmlNode *node, fr_buf *out)
{
    for (; node != NULL; node = node->next) {
        if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
            fr_buf_puts(out, (const char *)node->content);
        else if (node->type == XML_ELEMENT_NODE)
            append_text(node->children, out);
    }
}

int32_t fr_xml_text(const fr_xml *element, fr_buf *out)
{
    if (element == NULL)
        return FRACTARY_E_NOTFOUND;
    append_text(element->children, out);
    return out->failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
}

int fr_xml_is(const fr_xml *element, const char *text)
{
    fr_buf own = {0};
    const int equal = fr_xml_text(element, &own) == FRACTARY_OK &&
                      strcmp(fr_buf_text(&own), text != NULL ? text : "") == 0;

    fr_buf_finish(&own);
    return equal;
}
