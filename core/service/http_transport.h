/* The transport of one http service: the private module, opened on first use,
 * with the loop as it wants to see it. */
#ifndef FRACTARY_SERVICE_HTTP_TRANSPORT_H
#define FRACTARY_SERVICE_HTTP_TRANSPORT_H

#include "service/context.h"
#include "service/loop.h"
#include "service/transport.h"

typedef struct fr_http_transport {
    const fr_transport *module; /* NULL: not open                              */
    void *self;                 /* of the module                               */
    fr_loop *loop;
    fr_transport_loop seen; /* the loop as the module sees it                  */
    fr_timer timer;
} fr_http_transport;

/* Opens it unless it is open. `transport`, zeroed before its first use, must
 * stay where it is. FRACTARY_E_MISSING and others say which file. */
int32_t fr_http_transport_open(fr_http_transport *transport, const fr_context *context,
                               fractary_error *error);
/* Closes it and its connections; no transfer may be left. */
void fr_http_transport_close(fr_http_transport *transport);

#endif
