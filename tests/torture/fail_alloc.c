/* A malloc that fails once, when it is told to; preloaded by torture.py.
 *
 * FAIL_ALLOC_AT=N fails the Nth allocation of the process (from 1) and every
 * one after it when FAIL_ALLOC_ON=1. The descriptor FAIL_ALLOC_NOTE gets one
 * byte when an allocation was failed. */
#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

/* Exported by glibc for interposers: dlsym() would itself allocate. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

#define EXPORTED __attribute__((visibility("default")))

static atomic_long allocations;
static long fail_at = -1;
static int fail_on;
static int note = -1;

__attribute__((constructor)) static void read_orders(void)
{
    const char *at = getenv("FAIL_ALLOC_AT");
    const char *descriptor = getenv("FAIL_ALLOC_NOTE");
    fail_on = getenv("FAIL_ALLOC_ON") != NULL;
    note = descriptor ? atoi(descriptor) : -1;
    fail_at = at ? atol(at) : -1;
    atomic_store(&allocations, 0);
}

static int fails(void)
{
    if (fail_at < 0)
        return 0;
    const long number = atomic_fetch_add(&allocations, 1) + 1;
    if (number != fail_at && !(fail_on && number > fail_at))
        return 0;
    if (note >= 0 && write(note, "x", 1) != 1)
        _exit(99);
    errno = ENOMEM;
    return 1;
}

EXPORTED void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

EXPORTED void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

EXPORTED void *realloc(void *old, size_t size)
{
    return fails() ? NULL : __libc_realloc(old, size);
}
