/* A growing array of pointers. Zeroed memory is a valid empty one. */
#ifndef FRACTARY_PLUGIN_VEC_H
#define FRACTARY_PLUGIN_VEC_H

#include <stddef.h>
#include <stdint.h>

typedef struct fr_vec {
    void **items;
    size_t count;
    size_t capacity;
} fr_vec;

/* FRACTARY_OK or FRACTARY_E_NOMEM; on failure the item still belongs to the
 * caller. */
int32_t fr_vec_push(fr_vec *vec, void *item);
/* Takes the item at `index` out and closes the gap; returns it, or NULL when
 * there is no such index. */
void *fr_vec_remove(fr_vec *vec, size_t index);
/* Calls `release` (may be NULL) on each item and frees the array. */
void fr_vec_finish(fr_vec *vec, void (*release)(void *item));
/* Sorts with a comparison of the items themselves (not of their addresses). */
void fr_vec_sort(fr_vec *vec, int (*compare)(const void *a, const void *b));

#endif
