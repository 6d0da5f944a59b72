#include "trust/state_notes.h"

#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

static void note_destroy(void *item)
{
    fr_state_note *note = item;

    if (note == NULL)
        return;
    free(note->stack);
    free(note->environment);
    fr_state_finish(&note->state);
    free(note);
}

void fr_state_notes_finish(fr_state_notes *notes)
{
    fr_vec_finish(&notes->notes, note_destroy);
}

fr_state_note *fr_state_notes_find(const fr_state_notes *notes, const char *stack,
                                   const char *environment)
{
    for (size_t i = 0; i < notes->notes.count; i++) {
        fr_state_note *note = notes->notes.items[i];
        if (fr_str_equal(note->stack, stack) && fr_str_equal(note->environment, environment))
            return note;
    }
    return NULL;
}

static fr_state_note *add(fr_state_notes *notes, const char *stack, const char *environment)
{
    fr_state_note *note = calloc(1, sizeof *note);

    if (note == NULL)
        return NULL;
    note->stack = fr_str_dup(stack);
    note->environment = fr_str_dup(environment);
    if (note->stack != NULL && note->environment != NULL &&
        fr_vec_push(&notes->notes, note) == FRACTARY_OK)
        return note;
    note_destroy(note);
    return NULL;
}

int32_t fr_state_notes_put(fr_state_notes *notes, const char *stack, const char *environment,
                           fr_state *state)
{
    fr_state_note *note = fr_state_notes_find(notes, stack, environment);

    if (note == NULL)
        note = add(notes, stack, environment);
    if (note == NULL) {
        fr_state_finish(state);
        return FRACTARY_E_NOMEM;
    }
    fr_state_finish(&note->state);
    note->state = *state;
    memset(state, 0, sizeof *state);
    return FRACTARY_OK;
}
