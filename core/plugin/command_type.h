/* The types that arguments and options of commands can have. */
#ifndef FRACTARY_PLUGIN_COMMAND_TYPE_H
#define FRACTARY_PLUGIN_COMMAND_TYPE_H

#include <fractary-plugin/json.h>

#define FR_COMMAND_ARGUMENTS 16
#define FR_COMMAND_OPTIONS   64
#define FR_COMMAND_LIST      128 /* values of one repeated argument or option */

typedef struct fr_command_type {
    const char *name;    /* "integer"                                     */
    const char *expects; /* "a whole number"                              */
    /* Non-zero when one given value (no array) can be taken. */
    int (*fits)(const fr_json *given);
    /* A new value for the options object, of one that fits; NULL without
     * memory. */
    fr_json *(*make)(const fr_json *given);
} fr_command_type;

/* NULL for an unknown one. */
const fr_command_type *fr_command_type_find(const char *name);
/* Type of an argument or option; of an argument always string. */
const fr_command_type *fr_command_type_of(const fr_json *parameter);

/* The text nearest to `word` in an array of strings, or of objects that have a
 * "name"; or NULL. */
const char *fr_command_type_nearest(const fr_json *names, const char *word);

#endif
