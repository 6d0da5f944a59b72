#include "project/init.h"

#include "base/file.h"
#include "base/path.h"
#include "project/config.h"
#include "project/gitignore.h"
#include "unit/plugin_fixture.h"
#include <errno.h>
#include <fractary-plugin/str.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SCHEMA FR_PROJECT_FOLDER "/config.schema.json"
#define BUCKET "resource \"aws_s3_bucket\" \"b\" {\n}\n"

static char *folder;
static fractary_error error;

static void enter(void)
{
    folder = fixture_folder();
    error = (fractary_error)FR_ERROR_INIT;
}

/* No file may become larger: what a full disk does to a write. */
static void limit_files(rlim_t size)
{
    struct rlimit limit;

    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = size < limit.rlim_max ? size : limit.rlim_max;
    ck_assert(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void leave(void)
{
    limit_files(RLIM_INFINITY);
    fixture_remove(folder);
}

static int32_t try_plan(fr_init **init)
{
    const fr_discover_options options = {.start = folder, .home = folder, .here = 1};

    return fr_init_plan(&options, init, &error);
}

static fr_init *plan(void)
{
    fr_init *init = NULL;

    ck_assert_msg(try_plan(&init) == FRACTARY_OK, "%s: %s", error.message, error.cause);
    return init;
}

static void answer(fr_init *init, const char *key, const char *value)
{
    ck_assert_msg(fr_init_answer(init, key, value, &error) == FRACTARY_OK, "%s: %s", error.message,
                  error.cause);
}

static void write_plan(fr_init *init)
{
    ck_assert_msg(fr_init_write(init, &error) == FRACTARY_OK, "%s: %s", error.message, error.cause);
}

static void run_init(void)
{
    fr_init *init = plan();

    write_plan(init);
    fr_init_free(init);
}

/* Content of a file, or NULL where there is none; the caller frees it. */
static char *content(const char *name)
{
    char *path = fr_path_join(folder, name);
    fr_buf text = {0};
    const int32_t status = fr_file_read(path, 1 << 20, &text, NULL);

    free(path);
    if (status == FRACTARY_OK)
        return fr_buf_steal(&text);
    fr_buf_finish(&text);
    return NULL;
}

static fr_config *load(void)
{
    fr_config *config = NULL;

    ck_assert_msg(fr_config_load(folder, &config, &error) == FRACTARY_OK, "%s: %s", error.message,
                  error.cause);
    return config;
}

static fr_json *quoted(const char *text)
{
    char *copy = fr_str_dup(text);

    for (char *at = copy; *at != '\0'; at++)
        *at = *at == '\'' ? '"' : *at;
    fr_json *tree = fixture_json(copy);
    free(copy);
    return tree;
}

/* The part of the planned configuration at a path of keys is `wanted`. */
static void expect(const fr_init *init, const char *key, const char *wanted)
{
    const fr_json *value = fr_json_get(fr_init_report(init), "config");
    char *path = fr_str_dup(key);
    fr_buf is = {0};

    for (char *save = NULL, *part = strtok_r(path, "/", &save); part != NULL;
         part = strtok_r(NULL, "/", &save))
        value = fr_json_get(value, part);
    fr_json *tree = wanted != NULL ? quoted(wanted) : NULL;
    fr_json_print(value, &is);
    ck_assert_msg(tree == NULL ? value == NULL : fr_json_equal(value, tree), "%s is %s, not %s",
                  key, fr_buf_text(&is), wanted != NULL ? wanted : "absent");
    fr_json_free(tree);
    fr_buf_finish(&is);
    free(path);
}

static void expect_said(const fr_init *init, const char *list, const char *part)
{
    fr_buf text = {0};

    fr_json_print(fr_json_get(fr_init_report(init), list), &text);
    assert_says(fr_buf_text(&text), part);
    fr_buf_finish(&text);
}

static void expect_keys(const fr_init *init, const char *wanted)
{
    fr_init_question question;
    fr_buf keys = {0};

    for (size_t i = 0; fr_init_question_at(init, i, &question); i++)
        fr_buf_printf(&keys, "%s%s", i > 0 ? " " : "", question.key);
    ck_assert_str_eq(fr_buf_text(&keys), wanted);
    fr_buf_finish(&keys);
}

/* --------------------------------------------------------------------- a new one */

START_TEST(test_empty_project)
{
    fr_init *init = plan();

    expect_keys(init, "organization environments environments.test.region");
    expect(init, "default_environment", "'test'");
    expect(init, "handlers", "{'hosting':'hosting-aws','iac':'iac-terraform'}");
    expect(init, "environments", "{'test':{'class':'test'}}");
    expect(init, "plugins", NULL);
    expect_said(init, "open", "environments.test.region");
    expect_said(init, "notes", "nothing names an environment");
    ck_assert(fr_init_changes(init));
    char *before = content(FR_CONFIG_FILE);
    ck_assert_ptr_null(before);
    write_plan(init);
    fr_init_free(init);
    fr_config *config = load();
    ck_assert_str_eq(fr_config_project(config), fr_path_name(folder));
    fr_config_free(config);
}
END_TEST

START_TEST(test_whole_project)
{
    fixture_write(folder, ".git/config", "[remote \"origin\"]\nurl = git@h:acme/orders.git\n");
    fixture_write(folder, "infra/main.tf", "terraform {\n  backend \"s3\" {}\n}\n" BUCKET);
    fixture_write(folder, "infra/test.tfvars", "region = \"eu-west-1\"\n");
    fixture_write(folder, "infra/prod.tfvars", "region = \"us-east-1\"\n");
    fixture_write(folder, "infra/backend-prod.hcl", "");
    fixture_write(
        folder, ".aws/config",
        "[profile orders-test]\nsso_account_id = 123456789012\n[profile orders-test-read]\n"
        "[profile orders-test-grant]\n[profile orders-prod-read]\n");
    fr_init *init = plan();
    expect_keys(init, "environments.prod.identities.deploy.profile");
    expect(init, "project", "{'name':'orders','organization':'acme'}");
    expect(init, "plugins", "{'iac-terraform':{'directory':'infra'}}");
    expect(init, "environments/test",
           "{'class':'test','identities':{'read':{'profile':'orders-test-read'},"
           "'deploy':{'profile':'orders-test'},'grant':{'profile':'orders-test-grant'}},"
           "'account':'123456789012','region':'eu-west-1',"
           "'plugins':{'iac-terraform':{'var_files':['test.tfvars']}}}");
    expect(init, "environments/prod",
           "{'identities':{'read':{'profile':'orders-prod-read'}},'region':'us-east-1',"
           "'plugins':{'iac-terraform':{'var_files':['prod.tfvars'],"
           "'backend_config':['backend-prod.hcl']}}}");
    expect_said(init, "open", "environments.prod.identities.deploy");
    write_plan(init);
    fr_init_free(init);
    fr_config *config = load();
    fr_environment environment;
    ck_assert_int_eq(fr_config_environment(config, "prod", &environment, NULL), FRACTARY_OK);
    ck_assert_int_eq(environment.class, FR_CLASS_PRODUCTION);
    ck_assert_str_eq(fr_config_environment_name(config, 0), "test");
    fr_config_free(config);
}
END_TEST

START_TEST(test_folders_and_workspaces)
{
    fixture_write(folder, "envs/dev/main.tf", BUCKET);
    fixture_write(folder, "envs/prod/main.tf", BUCKET);
    fr_init *init = plan();
    expect(init, "default_environment", "'dev'");
    expect(init, "plugins", NULL);
    expect(init, "environments/dev/plugins", "{'iac-terraform':{'directory':'envs/dev'}}");
    expect(init, "environments/prod/plugins", "{'iac-terraform':{'directory':'envs/prod'}}");
    fr_init_free(init);
    ck_assert_int_eq(fr_file_remove_tree(folder, NULL), FRACTARY_OK);
    ck_assert_int_eq(mkdir(folder, 0755), 0);
    fixture_write(folder, "main.tf",
                  "locals {\n  a = terraform.workspace == \"prod\" ? 1 : 2\n}\n" BUCKET);
    init = plan();
    expect(init, "environments/prod/plugins", "{'iac-terraform':{'workspace':'prod'}}");
    expect(init, "plugins", "{'iac-terraform':{'directory':'.'}}");
    expect(init, "default_environment", NULL);
    expect_said(init, "open", "each command needs --env");
    fr_init_free(init);
}
END_TEST

START_TEST(test_monorepo)
{
    fixture_write(folder, "a/infra/main.tf", BUCKET);
    fixture_write(folder, "b/infra/main.tf", BUCKET);
    fr_init *init = plan();
    expect(init, "plugins", NULL);
    expect_said(init, "open", "plugins.iac-terraform.directory");
    expect_said(init, "open", "to one of a/infra and b/infra");
    ck_assert_int_eq(fr_init_answer(init, "directory", "c", &error), FRACTARY_E_INVALID);
    assert_says(error.cause, "a/infra and b/infra");
    answer(init, "directory", "b/infra");
    expect(init, "plugins", "{'iac-terraform':{'directory':'b/infra'}}");
    fr_init_free(init);
}
END_TEST

START_TEST(test_other_clouds_and_tools)
{
    fixture_write(folder, "main.tf", "provider \"google\" {\n}\n");
    fixture_write(folder, "extra.tofu", "");
    fixture_write(folder, "Chart.yaml", "");
    fr_init *init = plan();
    expect(init, "handlers", "{'iac':'iac-terraform'}");
    expect(init, "plugins", "{'iac-terraform':{'tool':'tofu','directory':'.'}}");
    expect(init, "environments/test", "{'class':'test'}");
    expect_said(init, "open", "there is no handler for google yet");
    expect_said(init, "notes", "helm (Chart.yaml)");
    fr_init_free(init);
    ck_assert_int_eq(fr_file_remove_tree(folder, NULL), FRACTARY_OK);
    ck_assert_int_eq(mkdir(folder, 0755), 0);
    fixture_write(folder, "Pulumi.yaml", "");
    init = plan();
    expect(init, "handlers", "{'hosting':'hosting-aws'}");
    expect_said(init, "open", "there is no handler for pulumi yet");
    fr_init_free(init);
}
END_TEST

/* ------------------------------------------------------------------------ regions */

START_TEST(test_each_environment_has_the_region_of_its_own_profile)
{
    fixture_write(folder, "main.tf", BUCKET);
    fixture_write(folder, "test.tfvars", "");
    fixture_write(folder, "prod.tfvars", "region = \"eu-west-2\"\n");
    fixture_write(folder, "qa.tfvars", "region = \"eu-north-1\"\n");
    fixture_write(folder, ".aws/config",
                  "[profile x-test]\nregion = eu-west-1\n[profile x-qa]\nregion = us-east-1\n"
                  "[profile other]\nregion = sa-east-1\n");
    fr_init *init = plan();
    expect(init, "environments/test/region", "'eu-west-1'");
    expect(init, "environments/prod/region", "'eu-west-2'");
    expect(init, "environments/qa/region", "'eu-north-1'");
    expect_said(init, "notes", "the Terraform code says eu-north-1, profile x-qa says us-east-1");
    fr_init_free(init);
    fixture_write(folder, "prod.tfvars", "");
    init = plan();
    expect(init, "environments/prod/region", NULL);
    expect_said(init, "open", "none can be told to be its own");
    fr_init_free(init);
}
END_TEST

/* ------------------------------------------------------------------------- states */

#define VAR_FILES                                                                                  \
    {"infra/test.tfvars", ""},                                                                     \
    {                                                                                              \
        "infra/prod.tfvars", ""                                                                    \
    }
#define BACKEND(text)                                                                              \
    {                                                                                              \
        "infra/main.tf", "terraform {\n  backend " text "\n}\n" BUCKET                             \
    }

/* Environments of one root module, and what keeps their states apart. */
static const struct states {
    struct {
        const char *path, *text;
    } files[6];
    const char *test, *prod; /* plugins of the environment           */
    const char *level;       /* of the note that says it             */
    const char *said;        /* a part of it, or of the report       */
} states[] = {
    {{{"infra/main.tf", BUCKET}, VAR_FILES},
     "{'iac-terraform':{'var_files':['test.tfvars'],'workspace':'test'}}",
     "{'iac-terraform':{'var_files':['prod.tfvars'],'workspace':'prod'}}",
     "info",
     "prod and test run the same root module with local state"},
    {{BACKEND("\"local\" {}"),
      VAR_FILES,
      {"infra/terraform.tfstate", "{\"version\":4,\"resources\":[]}"}},
     "{'iac-terraform':{'var_files':['test.tfvars'],'workspace':'test'}}",
     "{'iac-terraform':{'var_files':['prod.tfvars'],'workspace':'prod'}}",
     "info",
     "a workspace of its own"},
    {{{"infra/main.tf", BUCKET},
      VAR_FILES,
      {"infra/terraform.tfstate", "{\"version\":4,\"resources\":[{\"type\":\"x\"}]}"}},
     "{'iac-terraform':{'var_files':['test.tfvars']}}",
     "{'iac-terraform':{'var_files':['prod.tfvars']}}",
     "warning",
     "share one state, infra/terraform.tfstate, which holds resources already"},
    {{BACKEND("\"s3\" {\n bucket = \"b\"\n key = \"k\"\n}"), VAR_FILES},
     "{'iac-terraform':{'var_files':['test.tfvars']}}",
     "{'iac-terraform':{'var_files':['prod.tfvars']}}",
     "warning",
     "prod and test share one state, in the backend s3 of infra"},
    {{BACKEND("\"s3\" {}"), VAR_FILES, {"infra/backend.hcl", "bucket = \"b\"\n"}},
     "{'iac-terraform':{'var_files':['test.tfvars'],'backend_config':['backend.hcl']}}",
     "{'iac-terraform':{'var_files':['prod.tfvars'],'backend_config':['backend.hcl']}}",
     "warning",
     "share one state, in the backend s3"},
    {{BACKEND("\"s3\" {}"), VAR_FILES, {"infra/backend-prod.hcl", "key = \"p\"\n"}},
     "{'iac-terraform':{'var_files':['test.tfvars']}}",
     "{'iac-terraform':{'var_files':['prod.tfvars'],'backend_config':['backend-prod.hcl']}}",
     "warning",
     "lacks settings, and no file with them was found for test:"},
    {{BACKEND("\"s3\" {}"),
      VAR_FILES,
      {"infra/test.s3.tfbackend", "key = \"t\"\n"},
      {"infra/prod.s3.tfbackend", "key = \"p\"\n"}},
     "{'iac-terraform':{'var_files':['test.tfvars'],'backend_config':['test.s3.tfbackend']}}",
     "{'iac-terraform':{'var_files':['prod.tfvars'],'backend_config':['prod.s3.tfbackend']}}",
     NULL,
     NULL},
    {{{"infra/main.tf", BUCKET "locals {\n  e = terraform.workspace\n}\n"},
      VAR_FILES,
      {"infra/terraform.tfstate", "{\"version\":4,\"resources\":[{}]}"}},
     "{'iac-terraform':{'var_files':['test.tfvars'],'workspace':'test'}}",
     "{'iac-terraform':{'var_files':['prod.tfvars'],'workspace':'prod'}}",
     "warning",
     "holds resources of the workspace \\\"default\\\", which no environment uses"},
    {{{"test/main.tf", BUCKET}, {"prod/main.tf", BUCKET}},
     "{'iac-terraform':{'directory':'test'}}",
     "{'iac-terraform':{'directory':'prod'}}",
     NULL,
     NULL},
};

START_TEST(test_states)
{
    const struct states *row = &states[_i];

    for (size_t i = 0; i < 6 && row->files[i].path != NULL; i++)
        fixture_write(folder, row->files[i].path, row->files[i].text);
    fr_init *init = plan();
    expect(init, "environments/test/plugins", row->test);
    expect(init, "environments/prod/plugins", row->prod);
    const fr_json *note = fr_json_first(fr_json_get(fr_init_report(init), "notes"));
    while (note != NULL && strstr(fr_json_get_string(note, "message"), "state") == NULL &&
           strstr(fr_json_get_string(note, "message"), "default") == NULL &&
           strstr(fr_json_get_string(note, "message"), "lacks") == NULL)
        note = fr_json_next(note);
    ck_assert_int_eq(note != NULL, row->level != NULL);
    if (note != NULL) {
        ck_assert_str_eq(fr_json_get_string(note, "level"), row->level);
        expect_said(init, "notes", row->said);
    }
    write_plan(init);
    fr_init_free(init);
    init = plan();
    ck_assert(!fr_init_changes(init));
    fr_init_free(init);
}
END_TEST

/* Only what is new is given a workspace; what was there stays. */
START_TEST(test_a_later_environment_has_a_state_of_its_own)
{
    fixture_write(folder, "main.tf", BUCKET);
    fixture_write(folder, "test.tfvars", "");
    run_init();
    fixture_write(folder, "prod.tfvars", "");
    fr_init *init = plan();
    expect(init, "environments/test/plugins", "{'iac-terraform':{'var_files':['test.tfvars']}}");
    expect(init, "environments/prod/plugins",
           "{'iac-terraform':{'var_files':['prod.tfvars'],'workspace':'prod'}}");
    fr_init_free(init);
}
END_TEST

/* ----------------------------------------------------------------- can it be used */

static const struct outcome {
    struct {
        const char *path, *text;
    } files[6];
    const char *deployable;
    const char *obstacle; /* a part of it, or NULL       */
    const char *said;     /* a part of the notes or NULL */
} outcomes[] = {
    {{{"main.tf", BUCKET}}, "['test']", NULL, NULL},
    {{{"README.md", ""}}, "[]", "there is no root module", NULL},
    {{{"line\nfeed/main.tf", BUCKET}},
     "[]",
     "there is no root module",
     "1 file or folder was passed"},
    {{{"modules/a/main.tf", BUCKET}}, "[]", "there is no root module", NULL},
    {{{"Pulumi.yaml", ""}}, "[]", "there is no handler for pulumi", NULL},
    {{{"main.tf", "provider \"google\" {}\n"}}, "[]", "no handler for this cloud", NULL},
    {{{"main.tf", "terraform {\n  backend \"s3\" {}\n}\n"}},
     "[]",
     "the backend of test lacks settings",
     NULL},
    {{{"live/prod/app/terragrunt.hcl", "terraform {\n source = \"../../../app\"\n}\n"},
      {"app/main.tf", BUCKET}},
     "[]",
     "no root module that Terraform can run without Terragrunt",
     "no environment was made of live/prod/app"},
    {{{"envs/prod/main.tf", BUCKET}}, "[]", "prod has no profile to deploy with", NULL},
    {{{"envs/prod/main.tf", BUCKET}, {".aws/config", "[profile prod]\n"}},
     "[]",
     "prod counts as production and has no account",
     NULL},
    {{{"envs/prod/main.tf", BUCKET},
      {".aws/config", "[profile prod]\nsso_account_id = 123456789012\n"}},
     "['prod']",
     NULL,
     NULL},
    {{{"envs/test/main.tf", BUCKET}, {".aws/config", "[profile test-read]\n"}},
     "[]",
     "test has no profile to deploy with",
     NULL},
    {{{"live/test/eu/app/main.tf", BUCKET},
      {"live/test/eu/vpc/main.tf", BUCKET},
      {"live/global/main.tf", BUCKET}},
     "[]",
     "no root module is chosen for test",
     "no environment deploys live/global:"},
    {{{"envs/test/main.tf", BUCKET},
      {"envs/prod/main.tf", BUCKET},
      {"bootstrap/main.tf", BUCKET},
      {"shared/dns/main.tf", BUCKET}},
     "['test']",
     NULL,
     "no environment deploys bootstrap and shared/dns"},
    {{{"main.tf", BUCKET}, {"example.tfvars", ""}, {"terraform.tfvars", ""}},
     "['test']",
     NULL,
     "no environment was given example.tfvars"},
    {{{"main.tf", BUCKET}, {"terraform.tfvars", ""}},
     "['test']",
     NULL,
     "Terraform reads terraform.tfvars by itself"},
};

START_TEST(test_outcome)
{
    const struct outcome *row = &outcomes[_i];

    for (size_t i = 0; i < 6 && row->files[i].path != NULL; i++)
        fixture_write(folder, row->files[i].path, row->files[i].text);
    fr_init *init = plan();
    fr_json *deployable = quoted(row->deployable);
    const char *obstacle = fr_json_get_string(fr_init_report(init), "obstacle");
    ck_assert_msg(fr_json_equal(fr_json_get(fr_init_report(init), "deployable"), deployable),
                  "%s: %s", row->files[0].path, obstacle != NULL ? obstacle : "deployable");
    if (row->obstacle != NULL)
        assert_says(obstacle, row->obstacle);
    else
        ck_assert_ptr_null(obstacle);
    if (row->said != NULL)
        expect_said(init, "notes", row->said);
    fr_json_free(deployable);
    /* The same is said of the configuration that was written. */
    char *before = obstacle != NULL ? fr_str_dup(obstacle) : NULL;
    write_plan(init);
    fr_init_free(init);
    init = plan();
    const char *after = fr_json_get_string(fr_init_report(init), "obstacle");
    ck_assert_msg(fr_str_equal(after, before), "then %s", after != NULL ? after : "nothing");
    free(before);
    fr_init_free(init);
}
END_TEST

START_TEST(test_files_of_one_name_are_not_all_taken)
{
    fixture_write(folder, "main.tf", BUCKET);
    fixture_write(folder, "vars/eu/test.tfvars", "");
    fixture_write(folder, "vars/us/test.tfvars", "");
    fr_init *init = plan();
    expect(init, "environments/test/plugins", NULL);
    expect_said(init, "open", "vars/eu/test.tfvars and vars/us/test.tfvars have one name");
    fr_init_free(init);
}
END_TEST

START_TEST(test_the_chosen_folder_brings_its_files)
{
    fixture_write(folder, "a/main.tf", BUCKET);
    fixture_write(folder, "a/test.tfvars", "");
    fixture_write(folder, "b/main.tf", BUCKET);
    fixture_write(folder, "b/test.tfvars", "");
    fr_init *init = plan();
    expect_said(init, "open", "an environment has one in this version: set it to one of a and b");
    answer(init, "environments.test.directory", "b");
    expect(init, "environments/test/plugins",
           "{'iac-terraform':{'directory':'b','var_files':['test.tfvars']}}");
    expect_said(init, "notes", "no environment deploys a:");
    ck_assert_ptr_null(fr_json_get_string(fr_init_report(init), "obstacle"));
    fr_init_free(init);
}
END_TEST

/* --------------------------------------------------------------------- questions */

START_TEST(test_answers)
{
    fr_init_question question;

    fixture_write(folder, ".aws/config", "[profile one]\nregion = eu-west-3\n[profile two]\n");
    fr_init *init = plan();
    answer(init, "organization", "acme \"x\"");
    expect(init, "project/organization", "'acme \\\"x\\\"'");
    answer(init, "environments", "test, staging,prod");
    expect_keys(init, "organization environments environments.test.identities.deploy.profile "
                      "environments.test.region environments.prod.identities.deploy.profile "
                      "environments.prod.region environments.staging.class "
                      "environments.staging.identities.deploy.profile environments.staging.region");
    ck_assert(fr_init_question_at(init, 6, &question));
    ck_assert_str_eq(question.proposal, "production");
    ck_assert_uint_eq(fr_json_count(question.choices), 3);
    expect(init, "environments/staging/class", NULL);
    answer(init, "environments.staging.class", "staging");
    expect(init, "environments/staging/class", "'staging'");
    answer(init, "environments.test.identities.deploy.profile", "one");
    expect(init, "environments/test",
           "{'class':'test','identities':{'deploy':{'profile':'one'}},'region':'eu-west-3'}");
    answer(init, "environments.prod.region", "eu-central-1");
    expect(init, "environments/prod/region", "'eu-central-1'");
    answer(init, "environments.prod.region", "");
    expect(init, "environments/prod/region", NULL);
    fr_init_free(init);
}
END_TEST

static const struct refusal {
    const char *key, *value;
    int32_t status;
} refusals[] = {
    {"environments", "test/x", FRACTARY_E_INVALID},  {"environments", ", ,", FRACTARY_E_INVALID},
    {"environments", "test,..", FRACTARY_E_INVALID}, {"organization", "\xFF", FRACTARY_E_INVALID},
    {"nobody.asked", "x", FRACTARY_E_NOTFOUND},
};

START_TEST(test_refused_answers)
{
    const struct refusal *row = &refusals[_i];
    fr_init *init = plan();

    ck_assert_int_eq(fr_init_answer(init, row->key, row->value, &error), row->status);
    ck_assert_str_ne(error.message, "");
    expect(init, "environments", "{'test':{'class':'test'}}");
    expect(init, "project/organization", NULL);
    fr_init_free(init);
}
END_TEST

/* ------------------------------------------------------------------------- again */

START_TEST(test_again_changes_nothing)
{
    static const char *const names[] = {FR_CONFIG_FILE, SCHEMA, ".gitignore"};
    char *before[3];
    struct stat was, is;

    fixture_write(folder, "envs/test/main.tf", BUCKET);
    run_init();
    char *path = fr_path_join(folder, FR_CONFIG_FILE);
    ck_assert_int_eq(stat(path, &was), 0);
    for (size_t i = 0; i < 3; i++)
        before[i] = content(names[i]);
    fr_init *init = plan();
    ck_assert(!fr_init_changes(init));
    expect_keys(init, "");
    write_plan(init);
    fr_init_free(init);
    for (size_t i = 0; i < 3; i++) {
        char *after = content(names[i]);
        ck_assert_str_eq(before[i], after);
        free(before[i]);
        free(after);
    }
    ck_assert_int_eq(stat(path, &is), 0);
    ck_assert_uint_eq(was.st_ino, is.st_ino);
    free(path);
}
END_TEST

START_TEST(test_a_schema_of_another_version_is_replaced)
{
    run_init();
    char *before = content(SCHEMA);
    char *longer = fr_str_format("%s\n", before);
    fixture_write(folder, SCHEMA, longer);
    fr_init *init = plan();
    ck_assert(fr_init_changes(init));
    write_plan(init);
    fr_init_free(init);
    char *after = content(SCHEMA);
    ck_assert_str_eq(after, before);
    free(after);
    free(longer);
    free(before);
}
END_TEST

START_TEST(test_hand_edits_survive)
{
    static const char edited[] =
        "{ \"version\" : 1, \"$schema\": "
        "\"x\",\n\n\"project\":{\"name\":\"mine\",\"mood\":[1.50]},\n"
        "\t\"environments\" : {\"test\": {\"class\": \"staging\", \"extra\": true}} }";
    fixture_write(folder, "envs/test/main.tf", BUCKET);
    fixture_write(folder, FR_CONFIG_FILE, edited);
    run_init();
    char *text = content(FR_CONFIG_FILE);
    ck_assert_str_eq(text, edited);
    free(text);
    text = content(SCHEMA);
    assert_says(text, "\"$defs\"");
    free(text);

    fixture_write(folder, "envs/prod/main.tf", BUCKET);
    fr_init *init = plan();
    expect(init, "environments/test", "{'class':'staging','extra':true}");
    expect(init, "environments/prod/plugins", NULL);
    expect(init, "project", "{'name':'mine','mood':[1.5]}");
    expect_said(init, "notes", "the environment prod is new");
    write_plan(init);
    fr_init_free(init);
    fr_config *config = load();
    ck_assert_str_eq(fr_config_environment_name(config, 1), "prod");
    fr_config_free(config);
}
END_TEST

START_TEST(test_broken_configuration_is_left_alone)
{
    fr_init *init = NULL;

    fixture_write(folder, FR_CONFIG_FILE, "{\"version\": 1,}");
    ck_assert_int_eq(try_plan(&init), FRACTARY_E_CONFIG);
    ck_assert_ptr_null(init);
    assert_says(error.message, "line 1, column 15");
    fixture_write(folder, FR_CONFIG_FILE, "{\"version\": 7}");
    ck_assert_int_eq(try_plan(&init), FRACTARY_E_CONFIG);
    assert_says(error.message, "newer");
    char *text = content(FR_CONFIG_FILE);
    ck_assert_str_eq(text, "{\"version\": 7}");
    free(text);
}
END_TEST

/* -------------------------------------------------------------------- .gitignore */

#define RUNS   "/.fractary/plugins/devops/runs/\n"
#define DATA   "/.fractary/plugins/devops/data/\n"
#define BROKEN "/.fractary/plugins/devops/deployments/*/registry.json.broken*\n"
#define MARK   "# fractary: what runs leave behind\n"
#define STATE  "*.tfstate\n*.tfstate.*\n.terraform/\n"

static const struct ignored {
    const char *before;
    const char *after; /* NULL: unchanged */
    int local;
} ignores[] = {
    {"", MARK RUNS DATA BROKEN "*.tfplan\n", 0},
    {"", MARK RUNS DATA BROKEN "*.tfplan\n" STATE, 1},
    {"x", "x\n\n" MARK RUNS DATA BROKEN "*.tfplan\n", 0},
    {"x\r\n",
     "x\r\n\r\n# fractary: what runs leave behind\r\n/.fractary/plugins/devops/runs/\r\n"
     "/.fractary/plugins/devops/data/\r\n"
     "/.fractary/plugins/devops/deployments/*/registry.json.broken*\r\n*.tfplan\r\n",
     0},
    {"*.tfplan\n/.fractary/plugins/devops/runs/\n  /.fractary/plugins/devops/data/  \r\n" BROKEN,
     NULL, 0},
    {"# *.tfplan\n!/.fractary/plugins/devops/runs/\n" BROKEN "#/.fractary/plugins/devops/data/",
     NULL, 0},
    {MARK "*.tfplan\n" RUNS "mine\n", MARK "*.tfplan\n" RUNS "mine\n" DATA BROKEN, 0},
    /* What says the same in other words. */
    {RUNS DATA BROKEN "*.tfplan\n**/.terraform/*\n*.tfstate\n*.tfstate.*\n", NULL, 1},
    {".fractary/\n*.tfplan\n.terraform\n*.tfstate*\n", NULL, 1},
    {"/.fractary\n*.tf*\n**/.terraform\n", NULL, 1},
    {"*\n/.fractary/*\n.terraform/**\n", NULL, 1},
    {".fractary/plugins/devops/runs\n.fractary/plugins/devops/data\n"
     ".fractary/plugins/devops/deployments\n*.tfplan\n!*.tfstate\n*.tfstate.*\n.terraform/\n",
     NULL, 1},
    /* What says less does not count. */
    {RUNS DATA BROKEN "*.tfplan\n/.terraform/\nterraform.tfstate\n*.tfstate.backup\n",
     RUNS DATA BROKEN "*.tfplan\n/.terraform/\nterraform.tfstate\n*.tfstate.backup\n\n" MARK STATE,
     1},
};

START_TEST(test_gitignore)
{
    const struct ignored *row = &ignores[_i];
    fr_buf once = {0};
    fr_buf twice = {0};
    const int32_t added =
        fr_gitignore_complete(row->before, strlen(row->before), row->local, &once);

    ck_assert_int_eq(added > 0, row->after != NULL);
    ck_assert_str_eq(fr_buf_text(&once), row->after != NULL ? row->after : row->before);
    ck_assert_int_eq(fr_gitignore_complete(fr_buf_text(&once), once.length, row->local, &twice), 0);
    ck_assert_str_eq(fr_buf_text(&once), fr_buf_text(&twice));
    fr_buf_finish(&once);
    fr_buf_finish(&twice);
}
END_TEST

/* ----------------------------------------------------------------------- failures */

START_TEST(test_a_failed_write_takes_everything_back)
{
    fr_init *init;
    fr_buf lines = {0};

    /* The first file is over the limit as well as the last one. */
    for (int i = 0; i < 100; i++)
        fr_buf_printf(&lines, "# a line that somebody wrote, number %d\n", i);
    fixture_write(folder, ".gitignore", fr_buf_text(&lines));
    init = plan();
    limit_files(3000);
    ck_assert_int_eq(fr_init_write(init, &error), FRACTARY_E_IO);
    char *text = content(".gitignore");
    ck_assert_str_eq(text, fr_buf_text(&lines));
    free(text);
    text = fr_path_join(folder, ".fractary");
    ck_assert(!fr_file_exists(text));
    free(text);
    fr_init_free(init);
    fr_buf_finish(&lines);
}
END_TEST

/* The configuration is written, the change of .gitignore is not. */
START_TEST(test_the_last_write_fails)
{
    fr_buf lines = {0};

    for (int i = 0; i < 300; i++)
        fr_buf_printf(&lines, "# a line that somebody wrote, number %d\n", i);
    fixture_write(folder, ".gitignore", fr_buf_text(&lines));
    fr_init *init = plan();
    limit_files(8192);
    ck_assert_int_eq(fr_init_write(init, &error), FRACTARY_E_IO);
    assert_says(error.message, ".gitignore");
    char *text = content(FR_CONFIG_FILE);
    ck_assert_ptr_null(text);
    text = fr_path_join(folder, ".fractary");
    ck_assert(!fr_file_exists(text));
    free(text);
    text = content(".gitignore");
    ck_assert_str_eq(text, fr_buf_text(&lines));
    free(text);
    fr_init_free(init);
    fr_buf_finish(&lines);
}
END_TEST

START_TEST(test_changed_in_the_meantime)
{
    static const char *const others[] = {"somebody else\n", ""};
    fr_init *init = plan();

    fixture_write(folder, ".gitignore", others[_i]);
    ck_assert_int_eq(fr_init_write(init, &error), FRACTARY_E_BUSY);
    assert_says(error.message, ".gitignore");
    char *text = content(FR_CONFIG_FILE);
    ck_assert_ptr_null(text);
    fr_init_free(init);
}
END_TEST

/* ---------------------------------------------------------------------- migration */

static const char original[] =
    "{\"version\":\"1.0\",\"project\":{\"name\":\"orders\",\"subsystem\":\"api\","
    "\"organization\":\"acme\"},"
    "\"handlers\":{\"hosting\":{\"active\":\"aws\",\"aws\":{\"account_id\":\"123456789012\","
    "\"region\":\"eu-west-1\",\"profiles\":{\"discover_deploy\":\"orders-discover-deploy\","
    "\"test_deploy\":\"orders-test-deploy\",\"prod_deploy\":\"orders-prod-deploy\"}}},"
    "\"iac\":{\"active\":\"terraform\",\"terraform\":{\"directory\":\"./infra/{subsystem}\","
    "\"var_file_pattern\":\"{environment}.tfvars\",\"backend\":{\"type\":\"s3\"}}}},"
    "\"resource_naming\":{\"pattern\":\"{project}-{environment}-{resource}\",\"separator\":\"-\"},"
    "\"environments\":{\"test\":{\"auto_approve\":false},\"prod\":{}},\"hooks\":{}}";

START_TEST(test_migration)
{
    fixture_write(folder, FR_ORIGINAL_CONFIG_FILE, original);
    fixture_write(folder, "infra/api/main.tf", BUCKET);
    fixture_write(folder, "infra/api/test.tfvars", "");
    fr_init *init = plan();
    expect_keys(init, "");
    expect(init, "project", "{'name':'orders','organization':'acme','subsystem':'api'}");
    expect(init, "naming/pattern", "'{project}-{environment}-{resource}'");
    expect(init, "plugins", "{'iac-terraform':{'directory':'infra/api'}}");
    expect(init, "environments/test",
           "{'class':'test','identities':{'deploy':{'profile':'orders-test-deploy'},"
           "'grant':{'profile':'orders-discover-deploy'}},'account':'123456789012',"
           "'region':'eu-west-1','plugins':{'iac-terraform':{'var_files':['test.tfvars']}}}");
    expect(init, "environments/prod/identities/deploy/profile", "'orders-prod-deploy'");
    expect(init, "environments/prod/plugins", NULL);
    expect_said(init, "notes", "taken over from " FR_ORIGINAL_CONFIG_FILE);
    expect_said(init, "notes", "\\\"hooks\\\" of the original configuration was not taken over");
    ck_assert_str_eq(fr_json_get_string(fr_init_report(init), "migrated"), FR_ORIGINAL_CONFIG_FILE);
    write_plan(init);
    fr_init_free(init);
    char *text = content(FR_ORIGINAL_CONFIG_FILE);
    ck_assert_str_eq(text, original);
    free(text);
    init = plan();
    ck_assert(!fr_init_changes(init));
    ck_assert_ptr_null(fr_json_get_string(fr_init_report(init), "migrated"));
    fr_init_free(init);
}
END_TEST

START_TEST(test_odd_originals)
{
    static const struct {
        const char *text, *note;
    } rows[] = {
        {"{", "was not taken over: line 1"},
        {"[]", ""},
        {"{\"project\":3,\"handlers\":[],\"environments\":{\"a/b\":{}}}", ""},
        {"{\"environments\":{\"test\":{}},\"handlers\":{\"iac\":{\"terraform\":{\"directory\":"
         "\"../../etc\"}}}}",
         "../../etc"},
        {"{\"environments\":{\"test\":{}},\"handlers\":{\"iac\":{\"terraform\":{\"directory\":"
         "\"/etc\"}}}}",
         "/etc"},
        {"{\"resource_naming\":{\"pattern\":\"{what}\"}}", "{what}"},
        {"{\"handlers\":{\"hosting\":{\"active\":\"gcp\"}}}", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fixture_write(folder, FR_ORIGINAL_CONFIG_FILE, rows[i].text);
        fr_init *init = plan();
        expect_said(init, "notes", rows[i].note);
        expect(init, "environments/test/class", "'test'");
        expect(init, "plugins", NULL);
        if (i == 6)
            expect_said(init, "open", "there is no handler for gcp yet");
        fr_init_free(init);
    }
}
END_TEST

#define ADD_ROWS(test, table)                                                                      \
    tcase_add_loop_test(tests, test, 0, (int)(sizeof(table) / sizeof *(table)))

int main(void)
{
    const TTest *const all[] = {test_empty_project,
                                test_whole_project,
                                test_folders_and_workspaces,
                                test_monorepo,
                                test_other_clouds_and_tools,
                                test_each_environment_has_the_region_of_its_own_profile,
                                test_a_later_environment_has_a_state_of_its_own,
                                test_the_chosen_folder_brings_its_files,
                                test_files_of_one_name_are_not_all_taken,
                                test_answers,
                                test_again_changes_nothing,
                                test_a_schema_of_another_version_is_replaced,
                                test_hand_edits_survive,
                                test_broken_configuration_is_left_alone,
                                test_a_failed_write_takes_everything_back,
                                test_the_last_write_fails,
                                test_migration,
                                test_odd_originals};
    Suite *suite = suite_create("init");
    TCase *tests = tcase_create("init");

    tcase_add_checked_fixture(tests, enter, leave);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        tcase_add_test(tests, all[i]);
    ADD_ROWS(test_refused_answers, refusals);
    ADD_ROWS(test_gitignore, ignores);
    ADD_ROWS(test_states, states);
    ADD_ROWS(test_outcome, outcomes);
    tcase_add_loop_test(tests, test_changed_in_the_meantime, 0, 2);
    tcase_set_timeout(tests, 60);
    suite_add_tcase(suite, tests);
    return fixture_run(suite);
}
