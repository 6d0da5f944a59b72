#include "project/gitignore.h"

#include "project/config.h"
#include <fractary-plugin/str.h>
#include <string.h>

#define MARK "fractary: what runs leave behind"

static const char *const lines[] = {
    "/" FR_PROJECT_FOLDER "/runs/",
    "/" FR_PROJECT_FOLDER "/data/",
    "*.tfplan",
};

/* The line without what comments it out or negates it, and without blanks. */
static size_t essence(const char **line, size_t length)
{
    const char *at = *line;
    const char *end = at + length;

    while (at < end && strchr("#! \t", *at) != NULL)
        at++;
    while (end > at && strchr(" \t\r", end[-1]) != NULL)
        end--;
    *line = at;
    return (size_t)(end - at);
}

static int has_line(const char *text, size_t length, const char *wanted)
{
    const char *end = text + length;

    while (text < end) {
        const char *feed = memchr(text, '\n', (size_t)(end - text));
        const char *stop = feed != NULL ? feed : end;
        const char *line = text;
        const size_t kept = essence(&line, (size_t)(stop - text));
        if (kept == strlen(wanted) && memcmp(line, wanted, kept) == 0)
            return 1;
        text = feed != NULL ? feed + 1 : end;
    }
    return 0;
}

/* Before the first line that is added. */
static void open_block(const char *text, size_t length, const char *feed, fr_buf *out)
{
    if (length > 0 && text[length - 1] != '\n')
        fr_buf_puts(out, feed);
    if (has_line(text, length, MARK))
        return;
    if (length > 0)
        fr_buf_puts(out, feed);
    fr_buf_puts(out, "# " MARK);
    fr_buf_puts(out, feed);
}

int32_t fr_gitignore_complete(const char *text, size_t length, fr_buf *out)
{
    const char *feed = memmem(text, length, "\r\n", 2) != NULL ? "\r\n" : "\n";
    int32_t added = 0;

    fr_buf_append(out, text, length);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (has_line(text, length, lines[i]))
            continue;
        if (added++ == 0)
            open_block(text, length, feed, out);
        fr_buf_puts(out, lines[i]);
        fr_buf_puts(out, feed);
    }
    return out->failed ? FRACTARY_E_NOMEM : added;
}
