#include "project/names.h"

#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

/* Index of the first text that is not before `text`. */
static size_t place_of(const fr_names *names, const char *text)
{
    size_t low = 0;
    size_t high = names->texts.count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp(names->texts.items[middle], text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int fr_names_has(const fr_names *names, const char *text)
{
    const size_t place = place_of(names, text);

    return place < names->texts.count && fr_str_equal(names->texts.items[place], text);
}

/* Moves the item that was pushed last to its place. */
static void settle(fr_vec *vec, size_t place)
{
    void *item = vec->items[vec->count - 1];

    memmove(vec->items + place + 1, vec->items + place,
            (vec->count - 1 - place) * sizeof *vec->items);
    vec->items[place] = item;
}

void fr_names_add(fr_names *names, const char *text)
{
    if (text == NULL || text[0] == '\0' || fr_names_has(names, text))
        return;
    const size_t place = place_of(names, text);
    char *copy = fr_str_dup(text);
    if (copy == NULL || fr_vec_push(&names->texts, copy) != FRACTARY_OK) {
        free(copy);
        names->failed = 1;
        return;
    }
    settle(&names->texts, place);
}

void fr_names_add_part(fr_names *names, const char *text, size_t length)
{
    char *part = fr_str_ndup(text, length);

    if (part == NULL)
        names->failed = 1;
    fr_names_add(names, part);
    free(part);
}

void fr_names_add_all(fr_names *names, const fr_names *others)
{
    for (size_t i = 0; i < others->texts.count; i++)
        fr_names_add(names, others->texts.items[i]);
    names->failed |= others->failed;
}

void fr_names_remove(fr_names *names, const char *text)
{
    if (fr_names_has(names, text))
        free(fr_vec_remove(&names->texts, place_of(names, text)));
}

size_t fr_names_count(const fr_names *names)
{
    return names->texts.count;
}

const char *fr_names_at(const fr_names *names, size_t index)
{
    return index < names->texts.count ? names->texts.items[index] : NULL;
}

void fr_names_finish(fr_names *names)
{
    if (names == NULL)
        return;
    fr_vec_finish(&names->texts, free);
    names->failed = 0;
}

fr_json *fr_names_array(const fr_names *names)
{
    fr_json *array = names->failed ? NULL : fr_json_array();

    for (size_t i = 0; array != NULL && i < names->texts.count; i++) {
        if (fr_json_add_string(array, names->texts.items[i]) != FRACTARY_OK) {
            fr_json_free(array);
            array = NULL;
        }
    }
    return array;
}

void fr_names_list(const fr_names *names, fr_buf *out)
{
    const size_t count = names->texts.count;

    for (size_t i = 0; i < count; i++) {
        const char *between = i == 0 ? "" : i + 1 < count ? ", " : " and ";
        fr_buf_printf(out, "%s%s", between, (const char *)names->texts.items[i]);
    }
}
