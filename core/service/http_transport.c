#include "service/http_transport.h"

#include <stdlib.h>

#include "base/time.h"

/* A descriptor of the module's that the loop watches. */
typedef struct socket_watch {
    fr_watch watch;
    fr_http_transport *transport;
} socket_watch;

static void socket_ready(void *context, uint32_t events)
{
    const socket_watch *socket = context;
    const fr_http_transport *transport = socket->transport;

    transport->module->ready(transport->self, socket->watch.descriptor, events);
}

static socket_watch *new_watch(fr_http_transport *transport, int descriptor)
{
    socket_watch *socket = calloc(1, sizeof *socket);

    if (socket == NULL)
        return NULL;
    socket->transport = transport;
    socket->watch.descriptor = descriptor;
    socket->watch.context = socket;
    socket->watch.ready = socket_ready;
    return socket;
}

static void *watch(void *context, void *known, int descriptor, uint32_t events)
{
    fr_http_transport *transport = context;
    socket_watch *socket = known;

    if (socket == NULL && events != 0)
        socket = new_watch(transport, descriptor);
    if (socket == NULL)
        return NULL;
    socket->watch.events = events;
    if (events != 0 && fr_loop_watch(transport->loop, &socket->watch, NULL) == FRACTARY_OK)
        return socket;
    fr_loop_unwatch(transport->loop, &socket->watch);
    free(socket);
    return NULL;
}

static void expire(void *context, int64_t milliseconds)
{
    fr_http_transport *transport = context;

    if (milliseconds < 0)
        fr_loop_disarm(transport->loop, &transport->timer);
    else
        fr_loop_arm(transport->loop, &transport->timer,
                    fr_time_monotonic() + (uint64_t)milliseconds * FR_MILLISECOND);
}

static void expired(void *context)
{
    const fr_http_transport *transport = context;

    transport->module->expired(transport->self);
}

/* NULL with *status when there is none that fits. */
static const fr_transport *open_module(const fr_context *context, int32_t *status,
                                       fractary_error *error)
{
    const fr_broker_table *broker = &context->broker;
    fractary_error own = FR_ERROR_INIT;

    if (broker->open_module == NULL) {
        *status = fr_error_set(error, FRACTARY_E_MISSING, "there is no module for HTTP here");
        return NULL;
    }
    const fr_transport *module = broker->open_module(broker->context, "http", &own);
    if (module == NULL) {
        *status = own.status != FRACTARY_OK ? own.status : FRACTARY_E_MISSING;
        fr_error_set(error, *status, "%s", own.message);
        fr_error_cause(error, "%s", own.cause);
        fr_error_advice(error, "%s", own.advice);
    } else if (module->size != sizeof *module) {
        *status =
            fr_error_set(error, FRACTARY_E_PROTOCOL, "the module for HTTP is of another version");
        fr_error_advice(error, "Install fractary anew, whole.");
        module = NULL;
    }
    return module;
}

int32_t fr_http_transport_open(fr_http_transport *transport, const fr_context *context,
                               fractary_error *error)
{
    int32_t status = FRACTARY_OK;

    if (transport->module != NULL)
        return FRACTARY_OK;
    const fr_transport *module = open_module(context, &status, error);
    if (module == NULL)
        return status;
    transport->loop = context->loop;
    transport->seen = (fr_transport_loop){.context = transport, .watch = watch, .expire = expire};
    transport->timer.context = transport;
    transport->timer.fired = expired;
    status = module->create(&transport->seen, &transport->self, error);
    if (status == FRACTARY_OK)
        transport->module = module;
    return status;
}

void fr_http_transport_close(fr_http_transport *transport)
{
    if (transport->module == NULL)
        return;
    transport->module->destroy(transport->self);
    fr_loop_disarm(transport->loop, &transport->timer);
    transport->module = NULL;
}
