#include "answer.h"

#include <fractary-plugin/str.h>
#include <stdio.h>
#include <string.h>

#define STEP_MAX 128

int32_t fr_aws_answer_parse(fr_aws_form form, const char *body, size_t length, fr_aws_answer *out)
{
    *out = (fr_aws_answer){.xml = NULL};
    if (form == FR_AWS_FORM_XML)
        out->xml = fr_xml_parse(body, length);
    else if (form == FR_AWS_FORM_JSON)
        out->json = fr_json_parse(body, length, NULL);
    if (form == FR_AWS_FORM_HEADERS || out->xml != NULL)
        return FRACTARY_OK;
    if (fr_json_kind_of(out->json) == FR_JSON_OBJECT)
        return FRACTARY_OK;
    fr_aws_answer_finish(out);
    return FRACTARY_E_INVALID;
}

static void free_tree(void *item)
{
    fr_json_free(item);
}

void fr_aws_answer_finish(fr_aws_answer *answer)
{
    fr_xml_free(answer->xml);
    fr_json_free(answer->json);
    fr_vec_finish(&answer->embedded, free_tree);
    *answer = (fr_aws_answer){.xml = NULL};
}

fr_aws_node fr_aws_answer_root(const fr_aws_answer *answer)
{
    return (fr_aws_node){fr_xml_root(answer->xml), answer->json};
}

/* ------------------------------------------------------------------- walking */

/* What is on its way down a path. */
typedef struct walk {
    fr_aws_answer *answer;
    int (*visit)(void *context, fr_aws_node node);
    void *context;
} walk;

static int go(const walk *w, fr_aws_node node, const char *path);

/* JSON within a string, for as long as the answer lives. */
static const fr_json *parse_embedded(fr_aws_answer *answer, const fr_json *string)
{
    const char *text = fr_json_string(string);
    fr_json *tree = text != NULL ? fr_json_parse(text, strlen(text), NULL) : NULL;

    if (tree == NULL || fr_vec_push(&answer->embedded, tree) == FRACTARY_OK)
        return tree;
    fr_json_free(tree);
    return NULL;
}

static int go_xml(const walk *w, const fr_xml *parent, const char *step, const char *rest)
{
    int ended = 0;

    for (const fr_xml *e = fr_xml_child(parent, step); e != NULL && !ended;
         e = fr_xml_next(e, step))
        ended = go(w, (fr_aws_node){e, NULL}, rest);
    return ended;
}

/* An array stands for its elements. */
static int go_json(const walk *w, const fr_json *value, const char *rest)
{
    int ended = 0;

    if (value == NULL)
        return 0;
    if (fr_json_kind_of(value) != FR_JSON_ARRAY)
        return go(w, (fr_aws_node){NULL, value}, rest);
    for (const fr_json *e = fr_json_first(value); e != NULL && !ended; e = fr_json_next(e))
        ended = go(w, (fr_aws_node){NULL, e}, rest);
    return ended;
}

/* Takes the first step of the path. As deep as the path has steps, which our
 * own tables bound. */
static int go(const walk *w, fr_aws_node node, const char *path)
{
    char step[STEP_MAX];
    const size_t length = strcspn(path, "/");

    if (*path == '\0')
        return w->visit(w->context, node);
    if (length >= sizeof step)
        return 0;
    snprintf(step, sizeof step, "%.*s", (int)length, path);
    path += length + (path[length] == '/');
    if (node.xml != NULL)
        return go_xml(w, node.xml, step, path);
    const fr_json *next = strcmp(step, "#json") == 0 ? parse_embedded(w->answer, node.json)
                                                     : fr_json_get(node.json, step);
    return go_json(w, next, path);
}

int fr_aws_node_each(fr_aws_answer *answer, fr_aws_node node, const char *path,
                     int (*visit)(void *context, fr_aws_node node), void *context)
{
    const walk w = {answer, visit, context};
    return go(&w, node, path);
}

/* -------------------------------------------------------------------- values */

static int take_text(void *context, fr_aws_node node)
{
    fr_buf *out = context;

    if (node.xml != NULL)
        return fr_xml_text(node.xml, out) == FRACTARY_OK;
    switch (fr_json_kind_of(node.json)) {
    case FR_JSON_STRING:
        return fr_buf_puts(out, fr_json_string(node.json)) == FRACTARY_OK;
    case FR_JSON_NUMBER:
    case FR_JSON_BOOL:
        return fr_json_print(node.json, out) == FRACTARY_OK;
    case FR_JSON_ABSENT:
    case FR_JSON_NULL:
    case FR_JSON_ARRAY:
    case FR_JSON_OBJECT:
        break;
    }
    return 0;
}

int fr_aws_node_text(fr_aws_answer *answer, fr_aws_node node, const char *path, fr_buf *out)
{
    return fr_aws_node_each(answer, node, path, take_text, out);
}
