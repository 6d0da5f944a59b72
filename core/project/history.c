#include "project/history.h"

#include "base/file.h"
#include "base/time.h"
#include "project/members.h"
#include "project/registry_place.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

#define HISTORY_LIMIT (64u * 1024 * 1024)

static fr_json *line_of(const fr_registry_place *place, const fr_registry_change *change,
                        const fr_registry_counts *counts)
{
    const struct {
        const char *key;
        size_t count;
    } numbers[] = {
        {"resources", counts->resources}, {"verified", counts->verified},
        {"missing", counts->missing},     {"unverifiable", counts->unverifiable},
        {"added", counts->added},         {"removed", counts->removed},
        {"changed", counts->changed},
    };
    fr_members line = fr_members_begin();
    char now[FR_TIME_TEXT];

    fr_time_format(change->at, now);
    fr_members_string(&line, "time", now);
    fr_members_string(&line, "run", change->run);
    fr_members_string(&line, "action", change->action);
    fr_members_bool(&line, "ok", !change->failed);
    fr_members_string(&line, "stack", place->stack != NULL ? place->stack : FR_REGISTRY_STACK);
    fr_members_string(&line, "plan", change->plan);
    fr_members_string(&line, "principal", change->principal);
    fr_members_string(&line, "user", change->user);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        fr_members_int(&line, numbers[i].key, (int64_t)numbers[i].count);
    return fr_members_end(&line);
}

static int32_t append_line(const char *path, const fr_json *line, fractary_error *error)
{
    fr_buf text = {0};

    fr_json_print(line, &text);
    fr_buf_puts(&text, "\n");
    const int32_t status = path != NULL && line != NULL && !text.failed
                               ? fr_file_append(path, fr_buf_text(&text), text.length, 0644, error)
                               : fr_error_nomem(error);
    fr_buf_finish(&text);
    return status;
}

int32_t fr_history_append(const fr_registry_place *place, const fr_registry_change *change,
                          const fr_registry_counts *counts, fractary_error *error)
{
    char *path = fr_registry_path(place, "history.jsonl");
    fr_json *line = line_of(place, change, counts);
    const int32_t status = append_line(path, line, error);

    fr_json_free(line);
    free(path);
    return status;
}

/* Killed between its line and its end, it left nothing open. */
static int is_told(const char *path, const char *run)
{
    fr_buf text = {0};
    char *member = fr_str_format("\"run\":\"%s\"", run);
    const int told = member != NULL && fr_file_read(path, HISTORY_LIMIT, &text, NULL) == FRACTARY_OK &&
                     strstr(fr_buf_text(&text), member) != NULL;

    fr_buf_finish(&text);
    free(member);
    return told;
}

static fr_json *unknown_line(const fr_registry_place *place, const fr_registry_change *change)
{
    fr_members line = fr_members_begin();
    char now[FR_TIME_TEXT];
    char began[FR_TIME_TEXT];

    fr_time_format(fr_time_now_ms(), now);
    fr_time_format(change->at, began);
    fr_members_string(&line, "time", now);
    fr_members_string(&line, "run", change->run);
    fr_members_string(&line, "action", change->action);
    fr_members_bool(&line, "ok", 0);
    fr_members_string(&line, "outcome", "unknown");
    fr_members_string(&line, "began", began);
    fr_members_string(&line, "stack", place->stack != NULL ? place->stack : FR_REGISTRY_STACK);
    fr_members_string(&line, "plan", change->plan);
    return fr_members_end(&line);
}

int32_t fr_history_append_unknown(const fr_registry_place *place,
                                  const fr_registry_change *change, fractary_error *error)
{
    char *path = fr_registry_path(place, "history.jsonl");
    fr_json *line = NULL;
    int32_t status = path != NULL ? FRACTARY_OK : fr_error_nomem(error);

    if (status == FRACTARY_OK && !is_told(path, change->run)) {
        line = unknown_line(place, change);
        status = append_line(path, line, error);
    }
    fr_json_free(line);
    free(path);
    return status;
}
