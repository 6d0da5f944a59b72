/* An object that is built member by member; the first failure sticks, so that
 * it is checked once, at the end. */
#ifndef FRACTARY_PROJECT_MEMBERS_H
#define FRACTARY_PROJECT_MEMBERS_H

#include <fractary-plugin/json.h>

typedef struct fr_members {
    fr_json *object;
    int failed;
} fr_members;

fr_members fr_members_begin(void);
/* As the setters of json.h; `value` is taken over, NULL is a failure. */
void fr_members_string(fr_members *members, const char *key, const char *text);
void fr_members_int(fr_members *members, const char *key, int64_t number);
void fr_members_bool(fr_members *members, const char *key, int value);
void fr_members_value(fr_members *members, const char *key, fr_json *value);
/* The object, which is the caller's now; NULL when anything has failed. */
fr_json *fr_members_end(fr_members *members);

#endif
