/* The journal of a run: runs/<id>/journal.jsonl, one record a line, written
 * as it happens and fsynced for the records that matter. */
#ifndef FRACTARY_TRUST_JOURNAL_H
#define FRACTARY_TRUST_JOURNAL_H

#include <fractary-plugin/error.h>
#include <stddef.h>

typedef struct fr_journal fr_journal;

int32_t fr_journal_open(const char *path, fr_journal **out, fractary_error *error);
/* Appends one line (`line` without its end); `sync` non-zero waits for the
 * disk. After a failure the journal stays failed and says so each time. */
int32_t fr_journal_append(fr_journal *journal, const char *line, size_t length, int sync,
                          fractary_error *error);
/* For a signal handler that ends the process: the descriptor to write a line
 * to that was prepared beforehand. */
int fr_journal_descriptor(const fr_journal *journal);
void fr_journal_close(fr_journal *journal); /* accepts NULL */

#endif
