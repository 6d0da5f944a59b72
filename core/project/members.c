#include "project/members.h"

fr_members fr_members_begin(void)
{
    fr_json *object = fr_json_object();

    return (fr_members){object, object == NULL};
}

void fr_members_value(fr_members *members, const char *key, fr_json *value)
{
    members->failed |= fr_json_set(members->object, key, value) != FRACTARY_OK;
}

void fr_members_string(fr_members *members, const char *key, const char *text)
{
    fr_members_value(members, key, fr_json_new_string(text));
}

void fr_members_int(fr_members *members, const char *key, int64_t number)
{
    fr_members_value(members, key, fr_json_new_int(number));
}

void fr_members_bool(fr_members *members, const char *key, int value)
{
    fr_members_value(members, key, fr_json_new_bool(value));
}

fr_json *fr_members_end(fr_members *members)
{
    fr_json *object = members->object;

    members->object = NULL;
    if (!members->failed)
        return object;
    fr_json_free(object);
    return NULL;
}
