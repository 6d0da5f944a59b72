/*
 * A run: its id, its folders, and the files that were sealed in it.
 */
#ifndef FRACTARY_TRUST_RUN_H
#define FRACTARY_TRUST_RUN_H

#include "trust/unfinished.h"

typedef struct fr_run fr_run;

#define FR_RUN_ID_MAX 32 /* "20260131T120000Z-4f2a9c" and the NUL */

/* Begins a run. With a `folder` (fr_config_folder()) it keeps runs/<id>/
 * (0700) below it for journal and output; with NULL nothing stays behind and
 * the output goes to the scratch folder. The caller destroys it. */
int32_t fr_run_create(const char *folder, fr_run **out, fractary_error *error);
/* Ends it: closes what was sealed, removes the scratch folder. Accepts NULL. */
void fr_run_destroy(fr_run *run);

const char *fr_run_id(const fr_run *run);
/* Marks that the run changes something from now on, until fr_run_destroy();
 * nothing where nothing stays behind or it is marked already. Errors as
 * fr_unfinished_begin(). */
int32_t fr_run_begin_change(fr_run *run, const fr_unfinished *what, fractary_error *error);
/* Folder for output files, made on first use; NULL on failure. */
const char *fr_run_folder(fr_run *run, fractary_error *error);
/* Private folder (0700) on memory where there is one ($XDG_RUNTIME_DIR), else
 * below $TMPDIR; made on first use, removed with the run. NULL on failure. */
const char *fr_run_scratch(fr_run *run, fractary_error *error);

/* As run/1.seal(): copies into a memfd with all seals set, hashes what was
 * sealed, removes the file. 1 byte to 512 MiB, 8 names. `path` must really lie
 * below the scratch folder. */
int32_t fr_run_seal(fr_run *run, const char *name, const char *path, char sha256[65],
                    fractary_error *error);
/* Descriptor of a sealed file (the run's; do not close) and its hash, valid
 * until it is sealed anew; -1 when there is none of that name. */
int fr_run_sealed(const fr_run *run, const char *name, const char **sha256);

#endif
