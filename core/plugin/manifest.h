/* plugin.json: what a plugin says of itself, read before its library. */
#ifndef FRACTARY_PLUGIN_MANIFEST_H
#define FRACTARY_PLUGIN_MANIFEST_H

#include <fractary-plugin/json.h>

#define FR_MANIFEST_NUMBER 1
#define FR_MANIFEST_FILE   "plugin.json"
#define FR_MANIFEST_LIMIT  (1024u * 1024)

typedef struct fr_manifest {
    char *folder;  /* absolute */
    char *library; /* absolute path of the shared object, inside `folder` */
    fr_json *tree; /* the whole document */
    /* Texts below point into the tree. */
    const char *id, *version, *kind, *description;
    uint32_t abi;                                                 /* major<<16 | minor */
    const fr_json *provides, *needs, *files, *environ, *commands; /* or NULL */
} fr_manifest;

/* Reads and checks `folder`/plugin.json: known manifest number, id, version,
 * abi of our major, kind one of hosting, iac, skill, agent, a library inside
 * the folder (no "..", no link out), commands well-formed
 * (docs/reference/manifest.md). Unknown keys are ignored. FRACTARY_E_CONFIG
 * with file, line or key; FRACTARY_E_MISSING for a library or a plugin.json
 * that is not there; FRACTARY_E_IO, FRACTARY_E_NOMEM. The caller frees *out. */
int32_t fr_manifest_read(const char *folder, fr_manifest **out, fractary_error *error);
/* The same for a folder whose path is known to be absolute and free of links:
 * saves asking the system about each part of it. */
int32_t fr_manifest_read_real(const char *folder, fr_manifest **out, fractary_error *error);
void fr_manifest_free(fr_manifest *manifest); /* accepts NULL */
/* Non-zero when "provides" has that id. */
int fr_manifest_provides(const fr_manifest *manifest, const char *interface_id);

#endif
