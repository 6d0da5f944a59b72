/* The conditions in the rows of types.h. */
#ifndef FRACTARY_HOSTING_AWS_CONDITION_H
#define FRACTARY_HOSTING_AWS_CONDITION_H

#include "answer.h"
#include "facts.h"

typedef enum fr_aws_compare {
    FR_AWS_EQUAL,
    FR_AWS_DIFFERENT, /* also: the answer does not have it          */
    FR_AWS_UNKNOWN    /* no condition has a fact that is known      */
} fr_aws_compare;

/* "path=template & path=template": all whose fact is known hold? NULL: yes. */
fr_aws_compare fr_aws_condition_match(const char *conditions, const fr_aws_facts *facts,
                                      fr_aws_answer *answer, fr_aws_node node);
/* The same form: is one different, of those known on both sides? Appends what
 * the answer has. NULL: no. */
int fr_aws_condition_differs(const char *conditions, const fr_aws_facts *facts,
                             fr_aws_answer *answer, fr_aws_node node, fr_buf *what);
/* "path & path=value|value": does one hold? Appends which: "state is deleted".
 * NULL: no. */
int fr_aws_condition_dead(const char *conditions, fr_aws_answer *answer, fr_aws_node node,
                          fr_buf *what);

#endif
