/* What each environment of a project consists of. */
#ifndef FRACTARY_PROJECT_PER_ENVIRONMENT_H
#define FRACTARY_PROJECT_PER_ENVIRONMENT_H

#include "project/layout.h"

/* A new object, an environment's name for each key:
 *   directory       its root module, relative to the project; null where there
 *                   are several or none
 *   directories     all of them
 *   var_files       to be named when Terraform runs, relative to the directory,
 *                   those meant for every environment first
 *   backend_config  files with settings of a partial backend, likewise
 *   workspace       its workspace, null where environments are none
 *   region          when its own files, else those for every environment, else
 *                   its code say exactly one; else null
 *   rivals          only where there are any: files with its name that were left
 *                   out, because others of the same name lie in other folders
 *   by_directory    only where there are several: the same for each of them
 * NULL without memory. */
fr_json *fr_per_environment(const fr_layout *layout);
/* The same for an environment that nothing in the project speaks of: what all
 * have in common. */
fr_json *fr_no_environment(const fr_layout *layout);

#endif
