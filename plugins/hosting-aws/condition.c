#include "condition.h"

#include "template.h"
#include <fractary-plugin/str.h>
#include <stdio.h>
#include <string.h>

#define PATH_MAX_LENGTH 128
#define AND             " & "

/* One condition, cut out of the list. */
typedef struct condition {
    char path[PATH_MAX_LENGTH];
    const char *right; /* behind the equals sign, or NULL */
    size_t length;
} condition;

/* Takes the next one; NULL behind the last. */
static const char *take(const char *at, condition *out)
{
    if (at == NULL || *at == '\0')
        return NULL;
    const char *end = strstr(at, AND);
    const size_t size = end != NULL ? (size_t)(end - at) : strlen(at);
    const char *equals = memchr(at, '=', size);
    const size_t left = equals != NULL ? (size_t)(equals - at) : size;

    snprintf(out->path, sizeof out->path, "%.*s", (int)left, at);
    out->right = equals != NULL ? equals + 1 : NULL;
    out->length = equals != NULL ? size - left - 1 : 0;
    return at + size + (end != NULL ? strlen(AND) : 0);
}

/* Compares one condition of a fact with the answer. */
static fr_aws_compare compare(const condition *c, const fr_aws_facts *facts, fr_aws_answer *answer,
                              fr_aws_node node, fr_buf *theirs)
{
    fr_buf ours = {0};
    char missing[FR_AWS_MISSING];
    fr_aws_compare out = FR_AWS_UNKNOWN;

    if (fr_aws_template_put(c->right, c->length, facts, FR_AWS_PLAIN, &ours, missing) ==
        FRACTARY_OK)
        out = fr_aws_node_text(answer, node, c->path, theirs) &&
                      fr_str_equal(fr_buf_text(&ours), fr_buf_text(theirs))
                  ? FR_AWS_EQUAL
                  : FR_AWS_DIFFERENT;
    if (theirs->failed) /* without memory nothing is known */
        out = FR_AWS_UNKNOWN;
    fr_buf_finish(&ours);
    return out;
}

fr_aws_compare fr_aws_condition_match(const char *conditions, const fr_aws_facts *facts,
                                      fr_aws_answer *answer, fr_aws_node node)
{
    condition c;
    fr_aws_compare all = conditions != NULL ? FR_AWS_UNKNOWN : FR_AWS_EQUAL;

    while ((conditions = take(conditions, &c)) != NULL) {
        fr_buf theirs = {0};
        const fr_aws_compare one = compare(&c, facts, answer, node, &theirs);
        fr_buf_finish(&theirs);
        if (one == FR_AWS_DIFFERENT)
            return FR_AWS_DIFFERENT;
        if (one == FR_AWS_EQUAL)
            all = FR_AWS_EQUAL;
    }
    return all;
}

int fr_aws_condition_differs(const char *conditions, const fr_aws_facts *facts,
                             fr_aws_answer *answer, fr_aws_node node, fr_buf *what)
{
    condition c;

    while ((conditions = take(conditions, &c)) != NULL) {
        fr_buf_clear(what);
        if (compare(&c, facts, answer, node, what) == FR_AWS_DIFFERENT && what->length > 0)
            return 1;
    }
    fr_buf_clear(what);
    return 0;
}

/* Is `value` one of the "a|b" that the condition allows? Without any, that it
 * is there is enough. */
static int holds(const condition *c, const char *value)
{
    const char *at = c->right, *end = at != NULL ? at + c->length : NULL;
    const size_t length = strlen(value);

    while (at != NULL && at < end) {
        const char *bar = memchr(at, '|', (size_t)(end - at));
        const char *stop = bar != NULL ? bar : end;
        if ((size_t)(stop - at) == length && memcmp(at, value, length) == 0)
            return 1;
        at = stop + 1;
    }
    return c->right == NULL;
}

int fr_aws_condition_dead(const char *conditions, fr_aws_answer *answer, fr_aws_node node,
                          fr_buf *what)
{
    condition c;

    while ((conditions = take(conditions, &c)) != NULL) {
        fr_buf value = {0};
        const int there = fr_aws_node_text(answer, node, c.path, &value);
        const int dead = there && holds(&c, fr_buf_text(&value));
        if (dead)
            fr_buf_printf(what, "%s is %s", c.path, fr_buf_text(&value));
        fr_buf_finish(&value);
        if (dead)
            return 1;
    }
    return 0;
}
