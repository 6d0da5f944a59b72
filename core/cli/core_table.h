/* The commands of the core itself, as a table of the form that manifests
 * have, so that parsing, help, completion and reference know one form only. */
#ifndef FRACTARY_CLI_CORE_TABLE_H
#define FRACTARY_CLI_CORE_TABLE_H

#include <fractary-plugin/json.h>

#define FR_CORE_TABLES 2

/* *tables: an array of FR_CORE_TABLES documents with "group" and "commands".
 * The caller frees it. FRACTARY_OK or _E_NOMEM. */
int32_t fr_core_tables(fr_json **tables, fractary_error *error);

#endif
