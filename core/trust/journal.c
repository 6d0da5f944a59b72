#include "trust/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <fractary-plugin/buf.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

struct fr_journal {
    int descriptor;
    int failed; /* errno of the first write that failed */
    char *path;
    fr_buf line;
};

static int32_t failure(const fr_journal *journal, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_IO, "the journal %s cannot be written", journal->path);
    fr_error_cause(error, "%s", strerror(journal->failed));
    return FRACTARY_E_IO;
}

int32_t fr_journal_open(const char *path, fr_journal **out, fractary_error *error)
{
    fr_journal *journal = calloc(1, sizeof *journal);
    if (!journal)
        return fr_error_nomem(error);
    journal->descriptor = -1;
    journal->path = fr_str_dup(path);
    if (!journal->path) {
        fr_journal_close(journal);
        return fr_error_nomem(error);
    }
    journal->descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (journal->descriptor < 0) {
        journal->failed = errno;
        int32_t status = failure(journal, error);
        fr_journal_close(journal);
        return status;
    }
    *out = journal;
    return FRACTARY_OK;
}

int32_t fr_journal_append(fr_journal *journal, const char *line, size_t length, int sync,
                          fractary_error *error)
{
    if (journal->failed)
        return failure(journal, error);
    fr_buf_clear(&journal->line);
    fr_buf_append(&journal->line, line, length);
    if (fr_buf_putc(&journal->line, '\n') != FRACTARY_OK)
        return fr_error_nomem(error);
    errno = 0;
    if (fr_file_write_all(journal->descriptor, journal->line.data, journal->line.length) !=
            FRACTARY_OK ||
        (sync && fdatasync(journal->descriptor) != 0)) {
        journal->failed = errno ? errno : EIO;
        return failure(journal, error);
    }
    return FRACTARY_OK;
}

int fr_journal_descriptor(const fr_journal *journal)
{
    return journal->descriptor;
}

void fr_journal_close(fr_journal *journal)
{
    if (!journal)
        return;
    /* Every line was written at once; a failing close can lose nothing that
     * append() did not already report or sync. */
    if (journal->descriptor >= 0)
        close(journal->descriptor);
    free(journal->path);
    fr_buf_finish(&journal->line);
    free(journal);
}
