#include "console.h"

#include "template.h"
#include <string.h>

int32_t fr_aws_console_put(const fr_aws_type *type, const fr_aws_facts *facts, fr_buf *out)
{
    const size_t start = out->length;
    char missing[FR_AWS_MISSING];

    if (type == NULL || type->console == NULL)
        return FRACTARY_E_UNSUPPORTED;
    const int32_t status = fr_aws_template_put(type->console, strlen(type->console), facts,
                                               FR_AWS_PERCENT, out, missing);
    if (status == FRACTARY_OK)
        return status;
    out->length = start;
    if (out->data != NULL)
        out->data[start] = '\0';
    return status == FRACTARY_E_NOTFOUND ? FRACTARY_E_UNSUPPORTED : status;
}
