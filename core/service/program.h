/* Where a program lies. */
#ifndef FRACTARY_SERVICE_PROGRAM_H
#define FRACTARY_SERVICE_PROGRAM_H

/* Non-zero for a regular file that may be run. */
int fr_program_is(const char *path);
/* The first program of that name in the folders of PATH, for the caller to
 * free(); NULL where there is none, or no memory. Relative entries of PATH are
 * left out: what a project's folder holds must not become the tool. */
char *fr_program_find(const char *name);

#endif
