#include "cli/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <fractary-plugin/error.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Out of the way of the descriptors that children get (3, 4, …). */
#define PRIVATE_DESCRIPTOR 64

#if defined(__SANITIZE_ADDRESS__)
#define STREAMS_TAKEN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define STREAMS_TAKEN 1
#endif
#endif
#ifndef STREAMS_TAKEN
#define STREAMS_TAKEN FR_CAPTURE_STREAMS
#endif

static int public_descriptor(int stream)
{
    return stream == 0 ? STDOUT_FILENO : STDERR_FILENO;
}

static int take(fr_caught *caught, int stream)
{
    const int place = public_descriptor(stream);

    caught->real = fcntl(place, F_DUPFD_CLOEXEC, PRIVATE_DESCRIPTOR);
    if (caught->real < 0)
        return 0;
    caught->memory = memfd_create("fractary-printed", MFD_CLOEXEC);
    if (caught->memory >= 0 && fcntl(caught->memory, F_SETFL, O_APPEND) == 0 &&
        dup2(caught->memory, place) == place)
        return 1;
    return 0;
}

static void give_back(fr_caught *caught, int stream)
{
    if (caught->memory >= 0) {
        if (caught->real >= 0)
            dup2(caught->real, public_descriptor(stream));
        close(caught->memory);
    }
    if (caught->real >= PRIVATE_DESCRIPTOR)
        close(caught->real);
    *caught = (fr_caught){.real = public_descriptor(stream), .memory = -1};
}

int32_t fr_capture_start(fr_capture *capture, fractary_error *error)
{
    for (int i = 0; i < FR_CAPTURE_STREAMS; i++)
        capture->streams[i] = (fr_caught){.real = public_descriptor(i), .memory = -1};
    for (int i = 0; i < STREAMS_TAKEN; i++) {
        if (take(&capture->streams[i], i))
            continue;
        const int reason = errno;
        fr_capture_stop(capture);
        fr_error_set(error, FRACTARY_E_FAILED, "standard output cannot be set aside");
        return fr_error_cause(error, "%s", strerror(reason));
    }
    return FRACTARY_OK;
}

static uint64_t size_of(const fr_caught *caught)
{
    struct stat state;

    if (caught->memory < 0 || fstat(caught->memory, &state) != 0)
        return 0;
    return (uint64_t)state.st_size;
}

void fr_capture_look(fr_capture *capture, const char *source)
{
    for (int i = 0; i < FR_CAPTURE_STREAMS; i++) {
        fr_caught *caught = &capture->streams[i];
        if (caught->blamed[0] == '\0' && size_of(caught) > 0)
            snprintf(caught->blamed, sizeof caught->blamed, "%s", source);
    }
}

uint64_t fr_capture_told(const fr_capture *capture, int stream, fr_buf *out)
{
    const fr_caught *caught = &capture->streams[stream];
    const uint64_t size = size_of(caught);
    char text[FR_CAPTURE_TOLD];

    if (size == 0)
        return 0;
    const ssize_t got = pread(caught->memory, text, sizeof text, 0);
    if (got > 0)
        fr_buf_append(out, text, (size_t)got);
    return size;
}

void fr_capture_stop(fr_capture *capture)
{
    for (int i = 0; i < FR_CAPTURE_STREAMS; i++)
        give_back(&capture->streams[i], i);
}
