/* The form of AWS's shared files: sections of options, values that go on in
 * indented lines, whole-line comments after # or ;. [any-thread] */
#ifndef FRACTARY_HOSTING_AWS_INI_H
#define FRACTARY_HOSTING_AWS_INI_H

#include <fractary-plugin/json.h>

#define FR_AWS_INI_LIMIT    (1024u * 1024) /* bytes of a file      */
#define FR_AWS_INI_SECTIONS 8192u
#define FR_AWS_INI_OPTIONS  1024u /* of one section       */

/* Reads a whole file into an object of sections, each an object of options:
 * names in lower case; values texts, or objects where the value is a block of
 * NAME = VALUE lines below the option. What stands in [DEFAULT] is an option
 * of every section. The caller frees *out with fr_json_free() (or wipes it).
 * Refused (FRACTARY_E_INVALID, with the line in the error's cause) are a line
 * that is neither, a section or option that comes twice, options before the
 * first section and text that is not UTF-8; FRACTARY_E_LIMIT for what is
 * larger than the limits above. `name` names the file in messages. */
int32_t fr_aws_ini_parse(const char *name, const char *text, size_t length, fr_json **out,
                         fractary_error *error);

#endif
