#include <fractary-plugin/vec.h>

#include <fractary/abi.h>
#include <stdlib.h>
#include <string.h>

#define SMALLEST 8

static int32_t grow(fr_vec *vec)
{
    const size_t capacity = vec->capacity > 0 ? vec->capacity * 2 : SMALLEST;

    if (capacity > SIZE_MAX / 2 / sizeof *vec->items)
        return FRACTARY_E_NOMEM;
    void **items = realloc(vec->items, capacity * sizeof *items);
    if (items == NULL)
        return FRACTARY_E_NOMEM;
    vec->items = items;
    vec->capacity = capacity;
    return FRACTARY_OK;
}

int32_t fr_vec_push(fr_vec *vec, void *item)
{
    if (vec->count == vec->capacity && grow(vec) != FRACTARY_OK)
        return FRACTARY_E_NOMEM;
    vec->items[vec->count++] = item;
    return FRACTARY_OK;
}

void *fr_vec_remove(fr_vec *vec, size_t index)
{
    if (index >= vec->count)
        return NULL;
    void *item = vec->items[index];
    vec->count--;
    memmove(vec->items + index, vec->items + index + 1, (vec->count - index) * sizeof *vec->items);
    return item;
}

void fr_vec_finish(fr_vec *vec, void (*release)(void *item))
{
    if (vec == NULL)
        return;
    for (size_t i = 0; release != NULL && i < vec->count; i++)
        release(vec->items[i]);
    free(vec->items);
    *vec = (fr_vec){0};
}

struct order {
    int (*compare)(const void *a, const void *b);
};

static int compare_slots(const void *a, const void *b, void *context)
{
    const struct order *order = context;

    return order->compare(*(void *const *)a, *(void *const *)b);
}

void fr_vec_sort(fr_vec *vec, int (*compare)(const void *a, const void *b))
{
    struct order order = {compare};

    if (vec->count > 1)
        qsort_r(vec->items, vec->count, sizeof *vec->items, compare_slots, &order);
}
