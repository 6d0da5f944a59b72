#include "project/init.h"

#include "base/file.h"
#include "base/path.h"
#include "project/config.h"
#include "project/config_check.h"
#include "project/config_schema.h"
#include "project/gitignore.h"
#include "project/init_draft.h"
#include "project/init_migrate.h"
#include "project/members.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LARGEST     (1024u * 1024)
#define SCHEMA_FILE FR_PROJECT_FOLDER "/config.schema.json"
#define IGNORE_FILE ".gitignore"

/* A file of the plan. */
struct file {
    const char *path; /* relative to the root */
    fr_buf before;    /* as it is             */
    fr_buf after;     /* as it will be        */
    int exists;
    mode_t mode;
};

/* With config.json the project is initialised, so it comes last. */
enum { FILE_SCHEMA, FILE_IGNORE, FILE_CONFIG, FILES };

struct fr_init {
    char *root;
    fr_json *discovered;
    fr_json *current;  /* the configuration that is there, or NULL */
    fr_json *original; /* what was taken over, or NULL             */
    fr_json *answers;
    fr_init_draft draft;
    struct file files[FILES];
    fr_json *report;
};

/* ------------------------------------------------------------------------- reading */

/* Reads a file that may be missing. */
static int32_t read_file(const char *root, struct file *file, fractary_error *error)
{
    char *path = fr_path_join(root, file->path);
    struct stat status;

    if (path == NULL)
        return fr_error_nomem(error);
    int32_t result = fr_file_read(path, LARGEST, &file->before, error);
    file->exists = result == FRACTARY_OK;
    file->mode = file->exists && stat(path, &status) == 0 ? status.st_mode & 0777 : 0644;
    free(path);
    return result == FRACTARY_E_NOTFOUND ? FRACTARY_OK : result;
}

static int32_t read_files(fr_init *init, fractary_error *error)
{
    static const char *const paths[FILES] = {
        [FILE_SCHEMA] = SCHEMA_FILE, [FILE_IGNORE] = IGNORE_FILE, [FILE_CONFIG] = FR_CONFIG_FILE};
    int32_t status = FRACTARY_OK;

    for (size_t i = 0; i < FILES && status == FRACTARY_OK; i++) {
        init->files[i].path = paths[i];
        status = read_file(init->root, &init->files[i], error);
    }
    return status;
}

static int32_t read_current(fr_init *init, fractary_error *error)
{
    const struct file *file = &init->files[FILE_CONFIG];

    if (!file->exists)
        return fr_init_migrate(init->root, &init->original, error);
    char *path = fr_path_join(init->root, file->path);
    if (path == NULL)
        return fr_error_nomem(error);
    const int32_t status = fr_config_parse(path, fr_buf_text(&file->before), file->before.length,
                                           &init->current, error);
    free(path);
    return status;
}

/* ------------------------------------------------------------------------ planning */

/* Text that differs only in its form is the same configuration: a file that
 * somebody has formatted stays as it is. */
static void plan_config(fr_init *init, struct file *file)
{
    if (init->current != NULL && fr_json_equal(init->current, init->draft.config))
        fr_buf_append(&file->after, fr_buf_text(&file->before), file->before.length);
    else
        fr_json_print_pretty(init->draft.config, &file->after);
}

/* Non-zero when Terraform's state lies in the project. */
static int keeps_state(const fr_init *init)
{
    const char *backend = fr_json_get_string(init->discovered, "backend");

    return fr_str_equal(backend, "none") || fr_str_equal(backend, "local");
}

static int32_t plan_files(fr_init *init, fractary_error *error)
{
    const struct file *ignore = &init->files[FILE_IGNORE];
    int failed = 0;

    for (size_t i = 0; i < FILES; i++)
        fr_buf_clear(&init->files[i].after);
    fr_buf_append(&init->files[FILE_SCHEMA].after, fr_config_schema_text(),
                  fr_config_schema_length());
    fr_gitignore_complete(fr_buf_text(&ignore->before), ignore->before.length, keeps_state(init),
                          &init->files[FILE_IGNORE].after);
    plan_config(init, &init->files[FILE_CONFIG]);
    for (size_t i = 0; i < FILES; i++)
        failed |= init->files[i].after.failed;
    if (failed)
        return fr_error_nomem(error);
    const fr_buf *config = &init->files[FILE_CONFIG].after;
    return fr_config_check(FR_CONFIG_FILE, fr_buf_text(config), config->length, init->draft.config,
                           error);
}

static const char *action_of(const struct file *file)
{
    const int same =
        file->exists && file->before.length == file->after.length &&
        memcmp(fr_buf_text(&file->before), fr_buf_text(&file->after), file->after.length) == 0;

    return same ? "keep" : file->exists ? "change" : "create";
}

static fr_json *files_array(const fr_init *init)
{
    fr_json *array = fr_json_array();
    int32_t status = FRACTARY_OK;

    for (size_t i = 0; i < FILES && status == FRACTARY_OK; i++) {
        fr_members entry = fr_members_begin();
        fr_members_string(&entry, "path", init->files[i].path);
        fr_members_string(&entry, "action", action_of(&init->files[i]));
        status = fr_json_add(array, fr_members_end(&entry));
    }
    if (status == FRACTARY_OK)
        return array;
    fr_json_free(array);
    return NULL;
}

static int32_t make_report(fr_init *init, fractary_error *error)
{
    const struct {
        const char *key;
        fr_json *value;
    } members[] = {
        {"discovered", fr_json_copy(init->discovered)},
        {"config", fr_json_copy(init->draft.config)},
        {"files", files_array(init)},
        {"notes", fr_json_copy(init->draft.notes)},
        {"open", fr_json_copy(init->draft.open)},
        {"questions", fr_json_copy(init->draft.questions)},
        {"deployable", fr_json_copy(init->draft.deployable)},
        {"obstacle", fr_json_new_string(init->draft.obstacle)},
        {"migrated", fr_json_new_string(fr_json_get_string(init->original, "file"))},
    };
    int32_t status = FRACTARY_OK;

    fr_json_free(init->report);
    init->report = fr_json_object();
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        const int32_t set = fr_json_set(init->report, members[i].key, members[i].value);
        status = status == FRACTARY_OK ? set : status;
    }
    return status == FRACTARY_OK ? FRACTARY_OK : fr_error_nomem(error);
}

static int32_t plan(fr_init *init, fractary_error *error)
{
    fr_init_draft_finish(&init->draft);
    init->draft.discovered = init->discovered;
    init->draft.answers = init->answers;
    init->draft.original = init->original;
    int32_t status = fr_init_draft_make(&init->draft, init->current, error);

    if (status == FRACTARY_OK)
        status = plan_files(init, error);
    if (status == FRACTARY_OK)
        status = make_report(init, error);
    return status;
}

int32_t fr_init_plan(const fr_discover_options *options, fr_init **out, fractary_error *error)
{
    fr_init *init = calloc(1, sizeof *init);
    int32_t status;

    *out = NULL;
    if (init == NULL)
        return fr_error_nomem(error);
    status = fr_discover(options, &init->discovered, error);
    if (status == FRACTARY_OK) {
        init->root = fr_str_dup(fr_json_get_string(init->discovered, "root"));
        init->answers = fr_json_object();
        if (init->root == NULL || init->answers == NULL)
            status = fr_error_nomem(error);
    }
    if (status == FRACTARY_OK)
        status = read_files(init, error);
    if (status == FRACTARY_OK)
        status = read_current(init, error);
    if (status == FRACTARY_OK)
        status = plan(init, error);
    if (status == FRACTARY_OK)
        *out = init;
    else
        fr_init_free(init);
    return status;
}

void fr_init_free(fr_init *init)
{
    if (init == NULL)
        return;
    for (size_t i = 0; i < FILES; i++) {
        fr_buf_finish(&init->files[i].before);
        fr_buf_finish(&init->files[i].after);
    }
    fr_init_draft_finish(&init->draft);
    fr_json_free(init->report);
    fr_json_free(init->answers);
    fr_json_free(init->original);
    fr_json_free(init->current);
    fr_json_free(init->discovered);
    free(init->root);
    free(init);
}

/* ----------------------------------------------------------------------- questions */

static const fr_json *question_named(const fr_init *init, const char *key)
{
    const fr_json *question = fr_json_first(fr_json_get(init->report, "questions"));

    while (question != NULL && !fr_str_equal(fr_json_get_string(question, "key"), key))
        question = fr_json_next(question);
    return question;
}

int fr_init_question_at(const fr_init *init, size_t index, fr_init_question *out)
{
    const fr_json *question = fr_json_first(fr_json_get(init->report, "questions"));

    for (; question != NULL && index > 0; index--)
        question = fr_json_next(question);
    if (question == NULL)
        return 0;
    const fr_json *choices = fr_json_get(question, "choices");
    *out = (fr_init_question){
        .key = fr_json_get_string(question, "key"),
        .text = fr_json_get_string(question, "text"),
        .proposal = fr_json_get_string(question, "proposal"),
        .choices = fr_json_kind_of(choices) == FR_JSON_ARRAY ? choices : NULL,
    };
    return 1;
}

static int is_choice(const fr_json *choices, const char *value)
{
    if (fr_json_kind_of(choices) != FR_JSON_ARRAY)
        return 1;
    for (const fr_json *c = fr_json_first(choices); c != NULL; c = fr_json_next(c)) {
        if (fr_str_equal(fr_json_string(c), value))
            return 1;
    }
    return 0;
}

static int32_t refuse_choice(const fr_json *question, const char *value, fractary_error *error)
{
    fr_names allowed = {0};
    fr_buf list = {0};

    for (const fr_json *c = fr_json_first(fr_json_get(question, "choices")); c != NULL;
         c = fr_json_next(c))
        fr_names_add(&allowed, fr_json_string(c));
    fr_names_list(&allowed, &list);
    fr_error_set(error, FRACTARY_E_INVALID, "\"%s\" is not among the answers", value);
    fr_error_cause(error, "there are: %s", fr_buf_text(&list));
    fr_error_advice(error, "give one of these, or nothing");
    fr_error_place(error, "%s", fr_json_get_string(question, "key"));
    fr_names_finish(&allowed);
    fr_buf_finish(&list);
    return FRACTARY_E_INVALID;
}

static int32_t refuse_environments(const char *value, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_INVALID, "\"%s\" does not name environments", value);
    fr_error_cause(error, "a name is made of letters, digits, '.', '_' and '-'");
    fr_error_advice(error, "give names with commas between them: test, prod");
    fr_error_place(error, "environments");
    return FRACTARY_E_INVALID;
}

/* Each name in a list with commas can be one of an environment. */
static int are_environments(const char *value)
{
    size_t names = 0;
    int fit = 1;

    while (*value != '\0' && fit) {
        value += strspn(value, ", ");
        const size_t length = strcspn(value, ", ");
        char *name = fr_str_ndup(value, length);
        fit = name != NULL && (length == 0 || fr_config_is_environment_name(name));
        free(name);
        names += length > 0;
        value += length;
    }
    return fit && names > 0;
}

static int32_t check_answer(const fr_json *question, const char *key, const char *value,
                            fractary_error *error)
{
    if (value[0] == '\0')
        return FRACTARY_OK;
    if (!fr_str_is_utf8(value, strlen(value)) || strlen(value) > 200)
        return fr_error_set(error, FRACTARY_E_INVALID, "the answer is no short UTF-8 text");
    if (!is_choice(fr_json_get(question, "choices"), value))
        return refuse_choice(question, value, error);
    if (fr_str_equal(key, "environments") && !are_environments(value))
        return refuse_environments(value, error);
    return FRACTARY_OK;
}

int32_t fr_init_answer(fr_init *init, const char *key, const char *value, fractary_error *error)
{
    const fr_json *question = question_named(init, key);

    if (question == NULL)
        return fr_error_set(error, FRACTARY_E_NOTFOUND, "there is no question \"%s\"", key);
    const int32_t status = check_answer(question, key, value, error);
    if (status != FRACTARY_OK)
        return status;
    if (value[0] == '\0')
        fr_json_free(fr_json_take(init->answers, key));
    else if (fr_json_set_string(init->answers, key, value) != FRACTARY_OK)
        return fr_error_nomem(error);
    return plan(init, error);
}

/* ------------------------------------------------------------------------- telling */

int fr_init_file_at(const fr_init *init, size_t index, fr_init_file *out)
{
    if (index >= FILES)
        return 0;
    *out = (fr_init_file){
        .path = init->files[index].path,
        .action = action_of(&init->files[index]),
        .content = fr_buf_text(&init->files[index].after),
        .length = init->files[index].after.length,
    };
    return 1;
}

int fr_init_changes(const fr_init *init)
{
    for (size_t i = 0; i < FILES; i++) {
        if (!fr_str_equal(action_of(&init->files[i]), "keep"))
            return 1;
    }
    return 0;
}

const char *fr_init_root(const fr_init *init)
{
    return init->root;
}

const fr_json *fr_init_report(const fr_init *init)
{
    return init->report;
}

/* ------------------------------------------------------------------------- writing */

/* The file must still be what the plan was made from. */
static int32_t check_unchanged(const fr_init *init, const struct file *file, fractary_error *error)
{
    struct file now = {.path = file->path};
    int32_t status = read_file(init->root, &now, error);

    if (status == FRACTARY_OK &&
        (now.exists != file->exists || now.before.length != file->before.length ||
         memcmp(fr_buf_text(&now.before), fr_buf_text(&file->before), now.before.length) != 0)) {
        status = fr_error_set(error, FRACTARY_E_BUSY, "%s has changed in the meantime", file->path);
        fr_error_advice(error, "run `fractary init` again; nothing was written");
        fr_error_place(error, "%s/%s", init->root, file->path);
    }
    fr_buf_finish(&now.before);
    return status;
}

static int32_t write_file(const fr_init *init, const struct file *file, fractary_error *error)
{
    char *path = fr_path_join(init->root, file->path);

    if (path == NULL)
        return fr_error_nomem(error);
    const int32_t status =
        fr_file_write(path, fr_buf_text(&file->after), file->after.length, file->mode, error);
    free(path);
    return status;
}

/* Folders of the plan, the deepest first. */
static const char *const folders[] = {FR_PROJECT_FOLDER, ".fractary/plugins", ".fractary"};
#define FOLDERS (sizeof folders / sizeof *folders)

static int has_folder(const fr_init *init, const char *folder)
{
    char *path = fr_path_join(init->root, folder);
    const int has = path == NULL || fr_file_is_folder(path);

    free(path);
    return has;
}

/* As it was; what cannot be put back is left, there is nobody to tell it to. */
static void restore_file(const fr_init *init, const struct file *file)
{
    char *path = fr_path_join(init->root, file->path);

    if (path != NULL && file->exists)
        (void)fr_file_write(path, fr_buf_text(&file->before), file->before.length, file->mode,
                            NULL);
    else if (path != NULL)
        (void)unlink(path);
    free(path);
}

static void remove_folders(const fr_init *init, const int *made)
{
    for (size_t i = 0; i < FOLDERS; i++) {
        char *path = made[i] ? fr_path_join(init->root, folders[i]) : NULL;
        if (path != NULL)
            (void)rmdir(path);
        free(path);
    }
}

/* Writes the files with this action, and says how far it got: bit by bit in
 * *tried. */
static int32_t write_files(const fr_init *init, const char *action, unsigned *tried,
                           fractary_error *error)
{
    int32_t status = FRACTARY_OK;

    for (size_t i = 0; i < FILES && status == FRACTARY_OK; i++) {
        if (!fr_str_equal(action_of(&init->files[i]), action))
            continue;
        *tried |= 1u << i;
        status = write_file(init, &init->files[i], error);
    }
    return status;
}

/* What is new comes first: to take that back needs no room on the disk. */
int32_t fr_init_write(fr_init *init, fractary_error *error)
{
    int made[FOLDERS];
    int32_t status = FRACTARY_OK;
    unsigned tried = 0;

    for (size_t i = 0; i < FOLDERS; i++)
        made[i] = !has_folder(init, folders[i]);
    for (size_t i = 0; i < FILES && status == FRACTARY_OK; i++)
        status = check_unchanged(init, &init->files[i], error);
    if (status == FRACTARY_OK)
        status = write_files(init, "create", &tried, error);
    if (status == FRACTARY_OK)
        status = write_files(init, "change", &tried, error);
    if (status == FRACTARY_OK)
        return FRACTARY_OK;
    for (size_t i = 0; i < FILES; i++) {
        if (tried & (1u << i))
            restore_file(init, &init->files[i]);
    }
    remove_folders(init, made);
    return status;
}
