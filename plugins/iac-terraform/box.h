/* Errors as the tool prints them for people: boxes drawn with ╷ │ ╵, and
 * plain "Error: …" paragraphs. */
#ifndef FRACTARY_IAC_TERRAFORM_BOX_H
#define FRACTARY_IAC_TERRAFORM_BOX_H

#include "terraform.h"

/* Calls `found` with a new `diagnostic` record, which it takes over, for each
 * error and warning in the text. Text without any is nothing. Stops at the
 * first status other than FRACTARY_OK and returns it. */
int32_t fr_tf_box_parse(const fr_tf *tf, const char *text, size_t length, void *context,
                        int32_t (*found)(void *context, fr_json *record));

#endif
