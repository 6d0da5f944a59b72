/* Where plugins and the core's own modules are looked for. */
#ifndef FRACTARY_CLI_PLACES_H
#define FRACTARY_CLI_PLACES_H

#include "plugin/catalog.h"

#define FR_PLACES_MOST 32

typedef struct fr_places {
    fr_catalog_place plugins[FR_PLACES_MOST];
    size_t count;
    char *owned[FR_PLACES_MOST]; /* the folders' texts                         */
    char *modules;               /* folder of the core's modules               */
    char *home;                  /* the user's folder, "" when unknown         */
    size_t left_out;             /* parts of FRACTARY_PLUGIN_PATH that are not
                                  * absolute, or too many                      */
} fr_places;

/* In the order in which earlier wins: FRACTARY_PLUGIN_PATH (not in a privileged
 * process), the user's data folder, beside the program, the folder that was
 * set when the program was built. A project's own .fractary/plugins.d is never
 * searched: nobody can say yet that they trust a project, and a clone must not
 * be able to run code. FRACTARY_OK or _E_NOMEM. */
int32_t fr_places_init(fr_places *places, fractary_error *error);
void fr_places_finish(fr_places *places); /* accepts zeroed memory */

#endif
