#include "plugin/outlet.h"

static int32_t emit(void *context, const char *data, uint64_t length)
{
    const fr_outlet *outlet = context;

    if (!outlet->open || (data == NULL && length > 0))
        return FRACTARY_E_PROTOCOL;
    return outlet->target.emit(outlet->target.context, data, length);
}

const fractary_sink *fr_outlet_open(fr_outlet *outlet, const fractary_sink *target)
{
    outlet->sink = (fractary_sink){outlet, emit};
    outlet->target = *target;
    outlet->open = 1;
    return &outlet->sink;
}

void fr_outlet_close(fr_outlet *outlet)
{
    outlet->open = 0;
}
