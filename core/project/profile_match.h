/* Which profile serves which purpose in which environment, by their names. */
#ifndef FRACTARY_PROJECT_PROFILE_MATCH_H
#define FRACTARY_PROJECT_PROFILE_MATCH_H

#include "project/names.h"

/* Gives each profile of the array its `use`: {environment, purpose}, or null.
 * An environment's name in a profile's name makes it that environment's
 * `deploy` profile; with a word that begins with grant, discover, iam or
 * permission it is `grant`; with read, audit or view it is `read`. Words are
 * the parts between signs. A name with two environments or with words for two
 * purposes fits nowhere, and so do two profiles for the same place.
 * Each such case adds a sentence to `doubts`. FRACTARY_OK or _E_NOMEM. */
int32_t fr_profile_match(fr_json *profiles, const fr_names *environments, fr_names *doubts);

#endif
