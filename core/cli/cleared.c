#include "cli/cleared.h"

#include "project/config.h"
#include "trust/identity.h"
#include <fractary-plugin/record.h>
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Variables that a tool would be steered by, or reach its registry with, and
 * that no child inherits. What tools set for each other changes nothing. */
static int is_worth_a_word(const char *name)
{
    static const char *const harmless[] = {"TF_INPUT", "TF_IN_AUTOMATION", "TF_APPEND_USER_AGENT"};

    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (fr_str_equal(harmless[i], name))
            return 0;
    return fr_str_starts(name, "TF_") &&
           (fr_identity_is_steering_variable(name) || fr_identity_is_credential_variable(name));
}

/* Names alone: a value may be a secret. */
static void list_cleared(fr_buf *text, fr_json *names)
{
    for (char **entry = environ; *entry != NULL; entry++) {
        const char *equals = strchr(*entry, '=');
        char *name = equals != NULL ? fr_str_ndup(*entry, (size_t)(equals - *entry)) : NULL;
        if (name != NULL && equals[1] != '\0' && is_worth_a_word(name)) {
            fr_buf_printf(text, "%s%s", text->length > 0 ? ", " : "", name);
            (void)fr_json_add_string(names, name);
        }
        free(name);
    }
}

void fr_tell_cleared(fr_records *records)
{
    fr_buf text = {0};
    fr_json *names = fr_json_array();

    list_cleared(&text, names);
    if (text.length > 0) {
        fr_json *record = fr_record_new("log",
                                        "not handed on to any tool: %s; what an environment needs "
                                        "stands in " FR_CONFIG_FILE,
                                        fr_buf_text(&text));
        fr_json_set_string(record, "level", "warning");
        fr_json_set(record, "variables", names);
        fr_records_emit(records, record);
    } else {
        fr_json_free(names);
    }
    fr_buf_finish(&text);
}
