#include "types.h"

#include <fractary-plugin/str.h>

static const fr_aws_types *const families[] = {
    &fr_aws_types_s3, &fr_aws_types_iam, &fr_aws_types_app, &fr_aws_types_vpc, &fr_aws_types_ec2,
};

/* Providers whose resources are values, files or nothing. */
static const char *const local_prefixes[] = {
    "terraform_", "null_", "random_", "local_", "tls_", "time_", "archive_",
};

const fr_aws_type *fr_aws_type_at(size_t index)
{
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        if (index < families[i]->count)
            return &families[i]->rows[index];
        index -= families[i]->count;
    }
    return NULL;
}

const fr_aws_type *fr_aws_type_find(const char *type)
{
    const fr_aws_type *row;

    for (size_t i = 0; (row = fr_aws_type_at(i)) != NULL; i++)
        if (fr_str_equal(row->type, type))
            return row;
    return NULL;
}

int fr_aws_type_is_local(const char *type)
{
    for (size_t i = 0; i < sizeof local_prefixes / sizeof *local_prefixes; i++)
        if (fr_str_starts(type, local_prefixes[i]))
            return 1;
    return 0;
}

void fr_aws_type_permission(const fr_aws_type *type, fr_buf *out)
{
    if (type->permission != NULL)
        fr_buf_puts(out, type->permission);
    else
        fr_buf_printf(out, "%s:%s", type->service->name, type->operation);
}
