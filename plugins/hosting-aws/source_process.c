#include "date.h"
#include "source.h"
#include "words.h"
#include <fractary-plugin/str.h>
#include <stdio.h>
#include <stdlib.h>

#define OUTPUT_MAX 65536u
#define SECOND     UINT64_C(1000000000)
#define LONGEST    (60 * SECOND)

/* What the child prints, up to a limit. */
typedef struct output {
    fr_buf text; /* reserved beforehand: it holds secrets and must not move */
    int too_long;
} output;

static int32_t take_line(void *context, uint32_t stream, const char *text, uint64_t length)
{
    output *o = context;

    if (stream != FRACTARY_STDOUT)
        return FRACTARY_OK;
    if (length >= OUTPUT_MAX - o->text.length) {
        o->too_long = 1;
        return FRACTARY_OK;
    }
    fr_buf_append(&o->text, text, length);
    return fr_buf_putc(&o->text, '\n');
}

/* The call with a deadline no later than ours. */
static fractary_call shortened(const fr_aws_search *search)
{
    const fractary_clock *clock = search->aws->clock;
    const uint64_t latest = clock->monotonic(clock) + LONGEST;
    fractary_call call = *search->call;

    if (call.deadline == 0 || call.deadline > latest)
        call.deadline = latest;
    return call;
}

static int32_t program_fails(const fr_aws_search *search, const char *name, const char *how)
{
    return fr_aws_source_fail(search, "Run the program by hand to see what it says.",
                              "The credential_process of profile %s %s.", name, how);
}

static int32_t find_program(const fr_aws_search *search, const char *name, char **program)
{
    fr_buf path = {0};
    const fractary_sink sink = fr_buf_sink(&path);
    const fractary_process *process = search->aws->process;
    const int32_t status = process->find(process, *program, &sink, search->error);

    if (status == FRACTARY_OK) {
        free(*program);
        *program = fr_buf_steal(&path);
        return *program != NULL ? FRACTARY_OK : fr_error_nomem(search->error);
    }
    fr_buf_finish(&path);
    if (status != FRACTARY_E_MISSING)
        return status;
    return fr_aws_source_fail(search, "Install it, or mend the path in the profile.",
                              "The credential_process of profile %s, \"%s\", is not there.", name,
                              *program);
}

static int32_t run_program(const fr_aws_search *search, const char *name, const char *const *argv,
                           output *o)
{
    const fractary_process *process = search->aws->process;
    const fractary_call call = shortened(search);
    const fractary_process_request request = {
        .size = sizeof request,
        .flags = FRACTARY_PROCESS_SECRET,
        .argv = argv,
        .directory = fr_aws_project_text(search->aws, "root"),
        .label = "credential_process",
        .context = o,
        .line = take_line,
    };
    fractary_process_result result = {.size = sizeof result};
    char how[64];

    const int32_t status = process->run(process, &call, &request, &result, search->error);
    if (status == FRACTARY_E_DEADLINE && call.deadline != search->call->deadline)
        return program_fails(search, name, "did not end within 60 seconds");
    if (status != FRACTARY_OK)
        return status;
    if (o->too_long)
        return program_fails(search, name, "printed more than 64 KiB");
    if (result.exit_code == 0)
        return FRACTARY_OK;
    snprintf(how, sizeof how, result.signal != 0 ? "was ended by signal %d" : "ended with code %d",
             result.signal != 0 ? (int)result.signal : (int)result.exit_code);
    return program_fails(search, name, how);
}

static int32_t read_output(const fr_aws_search *search, const char *name, const fr_json *tree,
                           fr_aws_credentials *out)
{
    const char *access_key = fr_json_get_string(tree, "AccessKeyId");
    const char *secret_key = fr_json_get_string(tree, "SecretAccessKey");
    const char *ends = fr_json_get_string(tree, "Expiration");
    int64_t expires = 0;

    if (fr_json_kind_of(tree) != FR_JSON_OBJECT)
        return program_fails(search, name, "printed no JSON object");
    if (fr_json_get_int(tree, "Version", 0) != 1)
        return program_fails(search, name, "printed another \"Version\" than 1");
    if (access_key == NULL || secret_key == NULL)
        return program_fails(search, name, "printed no AccessKeyId or no SecretAccessKey");
    if (ends != NULL && fr_aws_date_parse(ends, &expires) != FRACTARY_OK)
        return program_fails(search, name, "printed an Expiration that is no date");
    int32_t status = fr_aws_credentials_set(out, access_key, secret_key,
                                            fr_json_get_string(tree, "SessionToken"), expires);
    if (status == FRACTARY_OK)
        status = fr_aws_credentials_from(out, "credential_process of profile %s", name);
    return status == FRACTARY_OK ? status : fr_error_nomem(search->error);
}

/* `words` gets a NULL behind its last, as argv has it. */
static int32_t split_command(const fr_aws_search *search, const char *name, const char *command,
                             fr_vec *words)
{
    int32_t status = fr_aws_words_split(command, words);

    if (status == FRACTARY_E_INVALID)
        return program_fails(search, name, "has a quotation that is not closed");
    if (status == FRACTARY_OK && words->count == 0)
        return program_fails(search, name, "is empty");
    if (status == FRACTARY_OK)
        status = fr_vec_push(words, NULL);
    return status == FRACTARY_OK ? status : fr_error_nomem(search->error);
}

int32_t fr_aws_source_process(const fr_aws_search *search, const char *name, const char *command,
                              fr_aws_credentials *out)
{
    fr_vec words = {0};
    output o = {.too_long = 0};
    fr_json *tree = NULL;
    int32_t status = split_command(search, name, command, &words);

    if (status == FRACTARY_OK)
        status = find_program(search, name, (char **)&words.items[0]);
    if (status == FRACTARY_OK && fr_buf_reserve(&o.text, OUTPUT_MAX + 1) != FRACTARY_OK)
        status = fr_error_nomem(search->error);
    if (status == FRACTARY_OK)
        status = run_program(search, name, (const char *const *)words.items, &o);
    if (status == FRACTARY_OK) {
        tree = fr_json_parse(fr_buf_text(&o.text), o.text.length, NULL);
        status = read_output(search, name, tree, out);
    }
    fr_aws_json_wipe(tree);
    fr_buf_wipe(&o.text);
    fr_vec_finish(&words, free);
    return status;
}
