/* The resources of an environment while a skill works on them: collected from
 * records, verified, and written out as the registry wants them. */
#ifndef INFRA_DEPLOYER_INVENTORY_H
#define INFRA_DEPLOYER_INVENTORY_H

#include <fractary-plugin/json.h>
#include <fractary-plugin/vec.h>
#include <fractary/hosting.h>

#define INVENTORY_UNMANAGED    "unmanaged"    /* the registry lists it, the state does not */
#define INVENTORY_UNREGISTERED "unregistered" /* the other way round                       */

/* Zeroed memory is a valid empty one. */
typedef struct inventory {
    fr_vec resources; /* of fr_json objects, owned                            */
    int merging;      /* records update the resource of their address instead
                       * of adding one                                        */
} inventory;

typedef struct inventory_counts {
    size_t verified, missing, unverifiable;
} inventory_counts;

void inventory_finish(inventory *self);

/* A listener for `resource` records: adds each, or with `merging` sets its
 * facts on the resource of the same address. Valid as long as `self`. */
fractary_sink inventory_listener(inventory *self);
/* A sink for bare resource objects, as registry/1.read() emits them. */
fractary_sink inventory_reader(inventory *self);

/* Sorts by address, so that merging finds what it looks for. */
void inventory_sort(inventory *self);
/* What hosting.verify() takes. `*list` is one block for the caller to free();
 * its texts belong to the inventory and `texts` (finish it with free). */
int32_t inventory_views(const inventory *self, const fractary_resource *const **list,
                        fr_vec *texts);
/* Marks each resource without a status as unverifiable for that reason. */
void inventory_mark_rest(inventory *self, const char *reason);
/* Names the account of each resource that the cloud spoke of without one: it
 * was found, or missed, in the account that was asked. "" changes nothing. */
void inventory_own(inventory *self, const char *account);
inventory_counts inventory_count(const inventory *self);
/* Appends the JSON array for registry/1.commit(); leaves attributes out. */
int32_t inventory_print(const inventory *self, fr_buf *out);
/* Moves those resources of `other` whose address `self` lacks into `self`, and
 * sorts both. */
int32_t inventory_adopt(inventory *self, inventory *other);
/* Gives what `other` lacks the member `drift` with that value, one of the
 * above. Sorts both. FRACTARY_OK or FRACTARY_E_NOMEM. */
int32_t inventory_mark_drift(inventory *self, inventory *other, const char *drift);
/* Settles what is so marked and was verified since: takes out the unmanaged
 * that is missing, or cannot be checked and has no ARN (it lived in the state
 * alone); keeps the rest without its mark. Returns how many unmanaged ones it
 * kept. */
size_t inventory_settle_strays(inventory *self);
/* Non-zero when both hold the same addresses with the same ids. */
int inventory_same(inventory *a, inventory *b);

#endif
