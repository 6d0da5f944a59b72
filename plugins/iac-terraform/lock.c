#include "lock.h"

#include "command.h"
#include "tool.h"

#include <stdlib.h>
#include <string.h>

/* -------------------------------------------------------------------- text */

typedef struct lock_line {
    const char *label; /* in the tool's text */
    const char *key;   /* in the record      */
} lock_line;

static const lock_line lock_lines[] = {
    {"ID:", "id"},   {"Path:", "path"},       {"Operation:", "operation"},
    {"Who:", "who"}, {"Version:", "version"}, {"Created:", "created"}};

/* The value behind `label` on a line of its own; the caller frees it. */
static char *value_of(const char *text, const char *label)
{
    for (const char *found = strstr(text, label); found != NULL; found = strstr(found + 1, label)) {
        const char *start = found;
        while (start > text && (start[-1] == ' ' || start[-1] == '\t'))
            start--;
        if (start > text && start[-1] != '\n')
            continue;
        const char *value = found + strlen(label);
        value += strspn(value, " \t");
        size_t length = strcspn(value, "\n");
        return length == 0 ? NULL : fr_str_ndup(value, length);
    }
    return NULL;
}

/* NULL when the text does not say. */
static fr_json *read_lock(const char *detail)
{
    const char *info = strstr(detail, "Lock Info:");
    if (info == NULL)
        return NULL;
    fr_json *lock = fr_json_object();
    for (size_t i = 0; i < sizeof lock_lines / sizeof *lock_lines; i++) {
        char *value = value_of(info, lock_lines[i].label);
        if (value != NULL)
            fr_json_set_string(lock, lock_lines[i].key, value);
        free(value);
    }
    return lock;
}

/* ------------------------------------------------------------------ advice */

/* One word of a shell, quoted where it needs that. */
static void put_word(fr_buf *out, const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "/._-=:@%+,";
    if (*text != '\0' && text[strspn(text, plain)] == '\0') {
        fr_buf_puts(out, text);
        return;
    }
    fr_buf_putc(out, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            fr_buf_puts(out, "'\\''");
        else
            fr_buf_putc(out, *text);
    }
    fr_buf_putc(out, '\'');
}

/* By hand the tool looks into another data folder, so it has to be told ours;
 * whole paths, so that the command works in every folder. */
static void put_command(const fr_tf *tf, const char *id, fr_buf *out)
{
    char *data = fr_str_format("%s/%s", tf->data != NULL ? tf->data : "", FR_TF_DATA_MAIN);
    if (data == NULL)
        out->failed = 1;
    fr_buf_puts(out, "TF_DATA_DIR=");
    put_word(out, data != NULL ? data : "");
    if (tf->settings.workspace != NULL) {
        fr_buf_puts(out, " TF_WORKSPACE=");
        put_word(out, tf->settings.workspace);
    }
    fr_buf_putc(out, ' ');
    put_word(out, tf->tool.path != NULL && tf->settings.tool != NULL ? tf->tool.path
                                                                     : fr_tf_tool_name(tf));
    fr_buf_puts(out, " -chdir=");
    put_word(out, tf->settings.directory);
    fr_buf_puts(out, " force-unlock ");
    put_word(out, id);
    free(data);
}

/* A local state is locked by the kernel: the lock ends with its process, and
 * force-unlock cannot take it away. */
static int is_of_the_kernel(const fr_json *record)
{
    const char *detail = fr_json_get_string(record, "detail");
    return detail != NULL && strstr(detail, "resource temporarily unavailable") != NULL;
}

static int is_here(const fr_tf *tf, const char *who)
{
    const char *host = fr_json_get_string(tf->settings.project, "host");
    const char *at = strrchr(who, '@');
    return at != NULL && host != NULL && *host != '\0' && fr_str_equal(at + 1, host);
}

static char *advice_on(const fr_tf *tf, const fr_json *record, const fr_json *lock)
{
    const char *id = fr_json_get_string(lock, "id");
    const char *who = fr_json_get_string(lock, "who");
    const char *here = who != NULL && is_here(tf, who) ? " on this machine" : "";
    fr_buf text = {0};
    if (who == NULL)
        who = "its holder";
    fr_buf_printf(&text, "wait until %s is done", who);
    if (is_of_the_kernel(record)) {
        fr_buf_printf(&text, ", or end that process%s: the lock of a local state goes with it",
                      here);
    } else if (id != NULL) {
        fr_buf_printf(&text, "; when nothing of it runs any more%s: ", here);
        put_command(tf, id, &text);
    }
    char *advice = fr_buf_steal(&text);
    fr_buf_finish(&text);
    return advice;
}

int32_t fr_tf_lock_put(const fr_tf *tf, fr_json *record)
{
    const char *detail = fr_json_get_string(record, "detail");
    fr_json *lock = read_lock(detail != NULL ? detail : "");
    if (lock == NULL)
        return FRACTARY_OK;
    char *advice = advice_on(tf, record, lock);
    int32_t failed =
        advice == NULL ? FRACTARY_E_NOMEM : fr_json_set_string(record, "advice", advice);
    free(advice);
    return failed | fr_json_set(record, "lock", lock);
}

/* ---------------------------------------------------------------- sentence */

static const char *operation_of(const fr_json *lock)
{
    static const struct {
        const char *tool, *words;
    } operations[] = {
        {"OperationTypeApply", "an apply"},
        {"OperationTypePlan", "a plan"},
        {"OperationTypeRefresh", "a refresh"},
    };
    const char *operation = fr_json_get_string(lock, "operation");
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
        if (fr_str_equal(operations[i].tool, operation))
            return operations[i].words;
    return operation;
}

/* "2026-01-31 17:30:14.75 +0000 UTC" without what nobody reads. */
static void put_time(fr_buf *out, const char *created)
{
    const size_t seconds = strcspn(created, ".");
    fr_buf_append(out, created, seconds);
    if (created[seconds] != '\0' && fr_str_ends(created, " UTC"))
        fr_buf_puts(out, " UTC");
}

char *fr_tf_lock_sentence(const fr_json *record)
{
    const fr_json *lock = fr_json_get(record, "lock");
    const char *who = fr_json_get_string(lock, "who");
    const char *created = fr_json_get_string(lock, "created");
    const char *version = fr_json_get_string(lock, "version");
    fr_buf text = {0};
    if (lock == NULL)
        return NULL;
    fr_buf_printf(&text, "%s holds it", who != NULL ? who : "somebody");
    if (created != NULL) {
        fr_buf_puts(&text, " since ");
        put_time(&text, created);
    }
    if (operation_of(lock) != NULL)
        fr_buf_printf(&text, ", for %s", operation_of(lock));
    if (version != NULL)
        fr_buf_printf(&text, " (version %s)", version);
    char *sentence = fr_buf_steal(&text);
    fr_buf_finish(&text);
    return sentence;
}
