/* A good answer of a service, XML or JSON, as one kind of tree. */
#ifndef FRACTARY_HOSTING_AWS_ANSWER_H
#define FRACTARY_HOSTING_AWS_ANSWER_H

#include <fractary-plugin/json.h>
#include <fractary-plugin/vec.h>
#include <fractary-plugin/xml.h>

typedef enum fr_aws_form { FR_AWS_FORM_XML, FR_AWS_FORM_JSON, FR_AWS_FORM_HEADERS } fr_aws_form;

/* Zeroed memory is valid and empty. */
typedef struct fr_aws_answer {
    fr_xml_document *xml;
    fr_json *json;
    fr_vec embedded; /* trees that were parsed out of strings, freed with it */
} fr_aws_answer;

/* One place in it; either of both, or neither. Valid as long as the answer. */
typedef struct fr_aws_node {
    const fr_xml *xml;
    const fr_json *json;
} fr_aws_node;

/* Parses a body. FRACTARY_OK or FRACTARY_E_INVALID. */
int32_t fr_aws_answer_parse(fr_aws_form form, const char *body, size_t length, fr_aws_answer *out);
void fr_aws_answer_finish(fr_aws_answer *answer);
fr_aws_node fr_aws_answer_root(const fr_aws_answer *answer);

/* Calls `visit` for every node that the path ("vpcSet/item", "Table", "" for
 * the node itself) leads to: all elements of that name, all elements of an
 * array. The step "#json" goes into a string that holds JSON. Ends early when
 * `visit` returns non-zero, and returns that. */
int fr_aws_node_each(fr_aws_answer *answer, fr_aws_node node, const char *path,
                     int (*visit)(void *context, fr_aws_node node), void *context);
/* Appends the text of the first node there; non-zero when there is one with a
 * text (strings, numbers, truth values; an empty one counts). */
int fr_aws_node_text(fr_aws_answer *answer, fr_aws_node node, const char *path, fr_buf *out);

#endif
