#include "project/gitignore.h"

#include "project/config.h"
#include <fractary-plugin/str.h>
#include <string.h>

#define MARK "fractary: what runs leave behind"

/* `local`: only where Terraform keeps its state in the project. */
static const struct line {
    const char *text;
    int local;
} lines[] = {
    {"/" FR_PROJECT_FOLDER "/runs/", 0},
    {"/" FR_PROJECT_FOLDER "/data/", 0},
    {"/" FR_PROJECT_FOLDER "/deployments/*/registry.json.broken*", 0},
    {"*.tfplan", 0},
    {"*.tfstate", 1},
    {"*.tfstate.*", 1},
    {".terraform/", 1},
};

struct pattern {
    const char *text;
    size_t length;
};

static const char *const endings[] = {"/**", "/*", "/"};

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

/* A pattern without what makes no difference to what it matches: the slash of
 * a folder, and in front what frees it; "/" there says nothing more where
 * another one anchors it (`anchored`). */
static struct pattern bare(const char *text, size_t length, int anchored)
{
    struct pattern it = {text, length};

    if (length > 3 && memcmp(text, "**/", 3) == 0)
        it = (struct pattern){text + 3, length - 3};
    else if (length > 1 && text[0] == '/' && anchored)
        it = (struct pattern){text + 1, length - 1};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        const size_t cut = strlen(endings[i]);
        if (it.length > cut && memcmp(it.text + it.length - cut, endings[i], cut) == 0)
            it.length -= cut;
    }
    return it;
}

/* Non-zero when a line that is there makes `wanted` needless: it says the same,
 * or it is about a folder above. */
static int covers(struct pattern line, struct pattern wanted)
{
    if (line.length == wanted.length)
        return memcmp(line.text, wanted.text, line.length) == 0;
    if (wanted.length > line.length && wanted.text[line.length] == '/')
        return memcmp(line.text, wanted.text, line.length) == 0;
    /* "*.tfstate*" is for both "*.tfstate" and "*.tfstate.*". */
    return line.length > 0 && line.text[line.length - 1] == '*' &&
           wanted.length + 1 >= line.length && wanted.text[0] == '*' &&
           memcmp(line.text, wanted.text, line.length - 1) == 0;
}

static int has_line(const char *text, size_t length, const char *wanted)
{
    const char *end = text + length;
    const int anchored = wanted[0] == '/';
    const struct pattern pattern = bare(wanted, strlen(wanted), anchored);

    while (text < end) {
        const char *feed = memchr(text, '\n', (size_t)(end - text));
        const char *stop = feed != NULL ? feed : end;
        const char *line = text;
        const size_t kept = essence(&line, (size_t)(stop - text));
        if (kept > 0 && covers(bare(line, kept, anchored), pattern))
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

int32_t fr_gitignore_complete(const char *text, size_t length, int local, fr_buf *out)
{
    const char *feed = memmem(text, length, "\r\n", 2) != NULL ? "\r\n" : "\n";
    int32_t added = 0;

    fr_buf_append(out, text, length);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if ((lines[i].local && !local) || has_line(text, length, lines[i].text))
            continue;
        if (added++ == 0)
            open_block(text, length, feed, out);
        fr_buf_puts(out, lines[i].text);
        fr_buf_puts(out, feed);
    }
    return out->failed ? FRACTARY_E_NOMEM : added;
}
