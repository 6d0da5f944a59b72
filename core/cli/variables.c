#include "cli/variables.h"

#include "project/config.h"
#include "trust/pass.h"
#include <fractary-plugin/record.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What happens to a variable that no child simply inherits. */
typedef struct variables {
    const fr_config *config;
    const char *environment;
    int passed; /* which are asked for: those that are handed on, or the others */
} variables;

/* Of those that are not handed on only Terraform's own are news; what tools set
 * for each other changes nothing. */
static int is_worth_a_word(const variables *v, const char *name)
{
    static const char *const harmless[] = {"TF_INPUT", "TF_IN_AUTOMATION", "TF_APPEND_USER_AGENT"};

    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (fr_str_equal(harmless[i], name))
            return 0;
    if (!fr_pass_is_needed(name))
        return 0;
    const int allowed = fr_pass_allows(v->config, v->environment, name);
    return v->passed ? allowed : !allowed && fr_str_starts(name, "TF_");
}

/* Names alone: a value may be a secret. */
static void list_names(const variables *v, fr_buf *text, fr_json *names)
{
    for (char **entry = environ; *entry != NULL; entry++) {
        const char *equals = strchr(*entry, '=');
        char *name = equals != NULL ? fr_str_ndup(*entry, (size_t)(equals - *entry)) : NULL;
        if (name != NULL && equals[1] != '\0' && is_worth_a_word(v, name)) {
            fr_buf_printf(text, "%s%s", text->length > 0 ? ", " : "", name);
            (void)fr_json_add_string(names, name);
        }
        free(name);
    }
}

static void tell(fr_records *records, const variables *v)
{
    fr_buf text = {0};
    fr_json *names = fr_json_array();

    list_names(v, &text, names);
    if (text.length > 0) {
        fr_json *record =
            v->passed ? fr_record_new("log", "handed on to the tools: %s", fr_buf_text(&text))
                      : fr_record_new("log",
                                      "not handed on to any tool: %s; what one needs is named in "
                                      "environment.pass of " FR_CONFIG_FILE,
                                      fr_buf_text(&text));
        fr_json_set_string(record, "level", v->passed ? "info" : "warning");
        fr_json_set(record, "variables", names);
        fr_records_emit(records, record);
    } else {
        fr_json_free(names);
    }
    fr_buf_finish(&text);
}

void fr_tell_variables(fr_records *records, const fr_config *config, const char *environment)
{
    const variables cleared = {config, environment, 0};
    const variables passed = {config, environment, 1};

    tell(records, &cleared);
    tell(records, &passed);
}
