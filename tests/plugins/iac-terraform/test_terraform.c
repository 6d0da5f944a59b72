/* The real tool on terraform_data, which needs no provider and no network. */
#include "stage.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define OPEN(stage, section, code)                                                                 \
    do {                                                                                           \
        if (!fr_stage_open_really(stage, __func__, section, code))                                 \
            return;                                                                                \
    } while (0)

static void deploy(fr_stage *stage)
{
    fr_stage_expect(stage, fr_stage_init(stage, 0), FRACTARY_OK);
    fr_stage_expect(stage, fr_stage_plan(stage, 0), FRACTARY_OK);
    fr_stage_expect(stage, fr_stage_apply(stage), FRACTARY_OK);
}

static const fr_json *plan_of(fr_stage *stage)
{
    const fr_json *plan = fr_fakehost_find(stage->host, "plan", 0);
    ck_assert_msg(plan != NULL, "no plan record in\n%s", fr_fakehost_dump(stage->host));
    return plan;
}

static int has_changes(fr_stage *stage)
{
    fr_stage_expect(stage, fr_stage_plan(stage, 0), FRACTARY_OK);
    return fr_json_get_bool(plan_of(stage), "changes", -1);
}

/* --------------------------------------------------------------------- life */

START_TEST(a_whole_life)
{
    fr_stage stage;
    OPEN(&stage, NULL, "resource \"terraform_data\" \"a\" {\n  count = 2\n  input = \"x\"\n}\n");
    deploy(&stage);
    ck_assert_uint_eq(fr_fakehost_process_count(stage.host), 1);
    const fr_json *done = fr_fakehost_where(stage.host, "change", "status", "done", 0);
    ck_assert_str_eq(fr_json_get_string(done, "action"), "create");
    ck_assert_ptr_nonnull(fr_json_get_string(done, "id"));
    fr_stage_expect(&stage, fr_stage_show(&stage), FRACTARY_OK);
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "resource"), 2);
    ck_assert(!has_changes(&stage));
    ck_assert_uint_eq(fr_fakehost_process_count(stage.host), 1); /* no init, no version */

    fr_stage_expect(&stage, fr_stage_plan(&stage, FRACTARY_IAC_DESTROY), FRACTARY_OK);
    ck_assert_int_eq(fr_json_get_int(plan_of(&stage), "destroy", 0), 2);
    ck_assert(fr_json_get_bool(plan_of(&stage), "destroy_all", 0));
    fr_stage_expect(&stage, fr_stage_destroy(&stage), FRACTARY_OK);
    fr_stage_expect(&stage, fr_stage_show(&stage), FRACTARY_OK);
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "resource"), 0);
    char *lock = fr_fakehost_read(stage.host, "project/.terraform/terraform.tfstate");
    ck_assert_ptr_null(lock);
    fr_stage_close(&stage);
}
END_TEST

/* Exactly the sealed bytes are applied, and the file is gone before. */
START_TEST(the_sealed_plan_is_what_is_applied)
{
    fr_stage stage;
    OPEN(&stage, NULL, "resource \"terraform_data\" \"a\" {\n  input = \"one\"\n}\n");
    fr_stage_expect(&stage, fr_stage_init(&stage, 0), FRACTARY_OK);
    fr_stage_expect(&stage, fr_stage_plan(&stage, 0), FRACTARY_OK);
    const char *sha256 = NULL;
    ck_assert_int_ge(fr_fakehost_sealed(stage.host, "plan", &sha256), 0);
    ck_assert_str_eq(fr_json_get_string(plan_of(&stage), "sha256"), sha256);
    char *left = fr_fakehost_read(stage.host, "scratch/plan-1.tfplan");
    ck_assert_ptr_null(left);
    fr_stage_main(&stage, "resource \"terraform_data\" \"b\" {\n}\n"); /* not in the plan */
    fr_stage_expect(&stage, fr_stage_apply(&stage), FRACTARY_OK);
    ck_assert_uint_eq(fr_fakehost_processes_like(stage.host, "apply /proc/self/fd/3"), 1);
    fr_stage_expect(&stage, fr_stage_show(&stage), FRACTARY_OK);
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "resource"), 1);
    ck_assert_ptr_nonnull(
        fr_fakehost_where(stage.host, "resource", "resource.address", "terraform_data.a", 0));
    fr_stage_close(&stage);
}
END_TEST

START_TEST(replace_move_import_forget)
{
    fr_stage stage;
    OPEN(&stage, NULL,
         "resource \"terraform_data\" \"a\" {\n}\n"
         "resource \"terraform_data\" \"r\" {\n  triggers_replace = 1\n}\n");
    deploy(&stage);
    fr_stage_main(&stage, "resource \"terraform_data\" \"b\" {\n}\nmoved {\n  from = "
                          "terraform_data.a\n  to = terraform_data.b\n}\n"
                          "resource \"terraform_data\" \"r\" {\n  triggers_replace = 2\n}\n"
                          "resource \"terraform_data\" \"i\" {\n}\nimport {\n  to = "
                          "terraform_data.i\n  id = \"known\"\n}\n");
    ck_assert(has_changes(&stage));
    const fr_json *moved = fr_fakehost_where(stage.host, "change", "action", "move", 0);
    ck_assert_str_eq(fr_json_get_string(moved, "previous_address"), "terraform_data.a");
    const fr_json *replaced = fr_fakehost_where(stage.host, "change", "action", "replace", 0);
    ck_assert_str_eq(fr_json_get_string(replaced, "reason"), "cannot_update");
    ck_assert_ptr_nonnull(fr_fakehost_where(stage.host, "change", "action", "import", 0));
    fr_stage_expect(&stage, fr_stage_apply(&stage), FRACTARY_OK);
    uint64_t done = 0;
    uint64_t total = 0;
    fr_fakehost_progress(stage.host, &done, &total);
    ck_assert_uint_eq(done, 2); /* destroyed and created */
    ck_assert_uint_eq(total, 2);
    ck_assert(!has_changes(&stage));
    fr_stage_close(&stage);
}
END_TEST

START_TEST(changed_outputs_are_changes)
{
    fr_stage stage;
    OPEN(&stage, NULL, "resource \"terraform_data\" \"a\" {\n}\noutput \"o\" {\n  value = 1\n}\n");
    deploy(&stage);
    ck_assert(!has_changes(&stage));
    fr_stage_main(&stage,
                  "resource \"terraform_data\" \"a\" {\n}\noutput \"o\" {\n  value = 2\n}\n");
    ck_assert(has_changes(&stage));
    ck_assert(fr_json_get_bool(plan_of(&stage), "outputs", 0));
    ck_assert_int_eq(fr_json_get_int(plan_of(&stage), "add", -1), 0);
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "change"), 0);
    fr_stage_close(&stage);
}
END_TEST

/* ---------------------------------------------------------------- addresses */

/* Every address that `state list` prints is there, and no other. */
static void compare_with_state_list(fr_stage *stage)
{
    char *command = fr_str_format(
        "cd '%s' && unset TF_CLI_CONFIG_FILE && TF_DATA_DIR='%s/terraform' "
        "$(command -v terraform || command -v tofu) state list",
        fr_fakehost_folder(stage->host, "project"), fr_fakehost_folder(stage->host, "data"));
    FILE *list = popen(command, "r");
    ck_assert_ptr_nonnull(list);
    char line[1024];
    size_t count = 0;
    for (; fgets(line, sizeof line, list) != NULL; count++) {
        line[strcspn(line, "\n")] = '\0';
        ck_assert_msg(fr_fakehost_where(stage->host, "resource", "resource.address", line, 0) !=
                          NULL,
                      "%s is missing in\n%s", line, fr_fakehost_dump(stage->host));
    }
    ck_assert_int_eq(pclose(list), 0);
    ck_assert_uint_eq(fr_fakehost_count(stage->host, "resource"), count);
    ck_assert_uint_gt(count, 0);
    free(command);
}

START_TEST(addresses)
{
    fr_stage stage;
    OPEN(&stage, NULL,
         "module \"m\" {\n  source = \"./m\"\n  for_each = toset([\"x\", \"y z\"])\n}\n"
         "module \"n\" {\n  source = \"./m\"\n  count = 1\n}\n"
         "resource \"terraform_data\" \"c\" {\n  count = 11\n}\n"
         "resource \"terraform_data\" \"k\" {\n  for_each = toset([\"a b\", \"q\\\"uote\", "
         "\"dollar$${x}\", \"back\\\\slash\", \"\u00fc\", \"tab\\tnl\\n\", \"50%\", \"%%{if}\", "
         "\"a/b.c\", \"$\", \"1\"])\n}\n");
    fr_fakehost_write(stage.host, "project/m/main.tf",
                      "module \"inner\" {\n  source = \"../i\"\n}\n");
    fr_fakehost_write(stage.host, "project/i/main.tf", "resource \"terraform_data\" \"d\" {\n}\n");
    deploy(&stage);
    fr_stage_expect(&stage, fr_stage_show(&stage), FRACTARY_OK);
    compare_with_state_list(&stage);
    ck_assert_ptr_nonnull(fr_fakehost_where(stage.host, "resource", "resource.address",
                                            "module.m[\"y z\"].module.inner.terraform_data.d", 0));
    fr_stage_close(&stage);
}
END_TEST

START_TEST(sensitive_values_stay_inside)
{
    static const char code[] =
        "variable \"password\" {\n  sensitive = true\n}\n"
        "resource \"terraform_data\" \"a\" {\n  input = { user = \"u\", pass = var.password }\n}\n"
        "output \"p\" {\n  value = var.password\n  sensitive = true\n}\n";
    fr_stage stage;
    OPEN(&stage, "{\"var_files\":[\"secret.tfvars\"]}", code);
    fr_fakehost_write(stage.host, "project/secret.tfvars", "password = \"very-secret-value\"\n");
    fr_stage_expect(&stage, fr_stage_init(&stage, 0), FRACTARY_OK);
    fr_stage_expect(&stage, fr_stage_plan(&stage, 0), FRACTARY_OK);
    ck_assert(!fr_fakehost_mentions(stage.host, "very-secret-value"));
    fr_stage_expect(&stage, fr_stage_apply(&stage), FRACTARY_OK);
    ck_assert(!fr_fakehost_mentions(stage.host, "very-secret-value"));
    fr_stage_expect(&stage, fr_stage_show(&stage), FRACTARY_OK);
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "resource"), 1);
    ck_assert(!fr_fakehost_mentions(stage.host, "very-secret-value"));
    fr_stage_close(&stage);
}
END_TEST

/* --------------------------------------------------------------- workspaces */

START_TEST(a_workspace_is_made_and_kept_apart)
{
    fr_stage stage;
    OPEN(&stage, "{\"workspace\":\"blue\"}", NULL);
    deploy(&stage);
    char *state =
        fr_fakehost_read(stage.host, "project/terraform.tfstate.d/blue/terraform.tfstate");
    ck_assert_ptr_nonnull(state);
    free(state);
    fr_stage_restart(&stage);
    fr_fakehost_section(stage.host, "{\"workspace\":\"green\"}");
    fr_stage_expect(&stage, fr_stage_init(&stage, 0), FRACTARY_OK);
    fr_stage_expect(&stage, fr_stage_show(&stage), FRACTARY_OK);
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "resource"), 0);
    ck_assert(has_changes(&stage));
    fr_stage_close(&stage);
}
END_TEST

/* --------------------------------------------------------------------- init */

static size_t inits(fr_stage *stage)
{
    fr_stage_restart(stage);
    fr_stage_expect(stage, fr_stage_init(stage, 0), FRACTARY_OK);
    return fr_fakehost_processes_like(stage->host, "init");
}

START_TEST(init_runs_when_it_must)
{
    fr_stage stage;
    OPEN(&stage, NULL,
         "module \"m\" {\n  source = \"./m\"\n  v = 1\n}\nresource \"terraform_data\" "
         "\"a\" {\n  input = 1\n}\n");
    fr_fakehost_write(stage.host, "project/m/main.tf", "variable \"v\" {}\n");
    fr_fakehost_write(stage.host, "project/n/main.tf", "variable \"v\" {}\n");
    ck_assert_uint_eq(inits(&stage), 1);
    ck_assert_uint_eq(inits(&stage), 0);
    fr_stage_main(&stage, "module \"m\" {\n  source = \"./m\"\n  v = 2\n}\nresource "
                          "\"terraform_data\" \"a\" {\n  input = 2\n}\n");
    ck_assert_uint_eq(inits(&stage), 0);
    ck_assert(has_changes(&stage));
    fr_stage_main(&stage, "module \"m\" {\n  source = \"./n\"\n  v = 2\n}\n");
    ck_assert_uint_eq(inits(&stage), 1);
    ck_assert_uint_eq(inits(&stage), 0);
    fr_fakehost_remove(stage.host, "data/terraform");
    ck_assert_uint_eq(inits(&stage), 1);
    /* gone without our noticing: plan finds out and mends it */
    fr_fakehost_remove(stage.host, "data/terraform/modules/modules.json");
    fr_stage_expect(&stage, fr_stage_plan(&stage, 0), FRACTARY_OK);
    ck_assert_uint_eq(fr_fakehost_processes_like(stage.host, "init"), 1);
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "diagnostic"), 0);
    fr_stage_close(&stage);
}
END_TEST

/* Another backend needs a decision about the state, which is not ours. */
START_TEST(another_backend_is_not_taken_silently)
{
    fr_stage stage;
    OPEN(&stage, NULL,
         "terraform {\n  backend \"local\" {\n    path = \"a.tfstate\"\n  }\n}\n"
         "resource \"terraform_data\" \"a\" {\n}\n");
    deploy(&stage);
    fr_stage_main(&stage, "terraform {\n  backend \"local\" {\n    path = \"b.tfstate\"\n  }\n}\n"
                          "resource \"terraform_data\" \"a\" {\n}\n");
    fr_stage_expect(&stage, fr_stage_init(&stage, 0), FRACTARY_E_REFUSED);
    ck_assert_ptr_nonnull(strstr(stage.error.cause, "a.tfstate"));
    ck_assert_ptr_nonnull(strstr(stage.error.cause, "b.tfstate"));
    ck_assert_ptr_nonnull(strstr(stage.error.advice, "-migrate-state"));
    const fr_json *record = fr_stage_diagnostic(&stage, "backend");
    ck_assert_ptr_nonnull(strstr(fr_json_get_string(record, "advice"), "-migrate-state"));
    fr_stage_close(&stage);
}
END_TEST

/* ----------------------------------------------------------------- failures */

START_TEST(a_partial_failure)
{
    fr_stage stage;
    OPEN(&stage, NULL,
         "resource \"terraform_data\" \"good\" {\n}\n"
         "resource \"terraform_data\" \"bad\" {\n  depends_on = [terraform_data.good]\n"
         "  provisioner \"local-exec\" {\n    command = \"echo broken >&2; exit 3\"\n  }\n}\n"
         "resource \"terraform_data\" \"never\" {\n  depends_on = [terraform_data.bad]\n}\n");
    fr_stage_expect(&stage, fr_stage_init(&stage, 0), FRACTARY_OK);
    fr_stage_expect(&stage, fr_stage_plan(&stage, 0), FRACTARY_OK);
    fr_stage_expect(&stage, fr_stage_apply(&stage), FRACTARY_E_FAILED);
    const fr_json *record = fr_stage_diagnostic(&stage, "provisioner");
    ck_assert_str_eq(fr_json_get_string(record, "address"), "terraform_data.bad");
    ck_assert_str_eq(fr_json_get_string(record, "file"), "main.tf");
    ck_assert_ptr_nonnull(strstr(stage.error.message, "1 of 3 operations were done"));
    ck_assert_ptr_nonnull(fr_fakehost_where(stage.host, "change", "status", "failed", 0));
    fr_stage_expect(&stage, fr_stage_show(&stage), FRACTARY_OK);
    ck_assert_uint_eq(fr_fakehost_count(stage.host, "resource"), 2);
    const fr_json *bad =
        fr_fakehost_where(stage.host, "resource", "resource.address", "terraform_data.bad", 0);
    ck_assert_str_eq(fr_json_get_string(fr_json_get(bad, "resource"), "condition"), "tainted");
    fr_stage_expect(&stage, fr_stage_plan(&stage, 0), FRACTARY_OK);
    const fr_json *again = fr_fakehost_where(stage.host, "change", "reason", "tainted", 0);
    ck_assert_str_eq(fr_json_get_string(again, "action"), "replace");
    fr_stage_close(&stage);
}
END_TEST

START_TEST(a_stale_plan)
{
    fr_stage stage;
    OPEN(&stage, NULL, NULL);
    deploy(&stage);
    fr_stage_expect(&stage, fr_stage_apply(&stage), FRACTARY_E_FAILED);
    fr_stage_diagnostic(&stage, "stale-plan");
    ck_assert_ptr_nonnull(strstr(stage.error.advice, "plan and approve again"));
    fr_stage_close(&stage);
}
END_TEST

static const struct {
    const char *code, *category, *file;
    int line;
} mistakes[] = {
    {"resource \"terraform_data\" \"a\" {\n  input = \n}\n", "syntax", "main.tf", 2},
    {"resource \"terraform_data\" \"a\" {\n  nothing = 1\n}\n", "syntax", "main.tf", 2},
    {"resource \"terraform_data\" \"a\" {\n  input = var.nope\n}\n", "reference", "main.tf", 2},
    {"variable \"v\" {\n}\n", "missing-variable", "main.tf", 1},
    {"variable \"v\" {\n  type = number\n  default = \"z\"\n}\n", "invalid-value", "main.tf", 3},
    {"module \"m\" {\n  source = \"./nope\"\n}\n", "module", NULL, 0},
    {"terraform {\n  required_version = \">= 99.0\"\n}\n", "version", "main.tf", 2},
    {"terraform {\n  backend \"nope\" {\n  }\n}\n", "backend", NULL, 0},
    {"variable \"v\" {\n  default = 1\n}\nresource \"terraform_data\" \"a\" {\n  lifecycle {\n"
     "    precondition {\n      condition = var.v > 1\n      error_message = \"too small\"\n    }\n"
     "  }\n}\n",
     "precondition", "main.tf", 7},
};

/* Init or plan says what is wrong, with file and line. */
START_TEST(a_mistake)
{
    fr_stage stage;
    OPEN(&stage, NULL, mistakes[_i].code);
    int32_t status = fr_stage_init(&stage, 0);
    if (status == FRACTARY_OK)
        status = fr_stage_plan(&stage, 0);
    fr_stage_expect(&stage, status, FRACTARY_E_FAILED);
    const fr_json *record = fr_stage_diagnostic(&stage, mistakes[_i].category);
    if (mistakes[_i].file != NULL) {
        ck_assert_str_eq(fr_json_get_string(record, "file"), mistakes[_i].file);
        ck_assert_int_eq(fr_json_get_int(record, "line", 0), mistakes[_i].line);
        ck_assert_ptr_nonnull(fr_json_get_string(record, "snippet"));
    }
    fr_stage_close(&stage);
}
END_TEST

START_TEST(a_var_file_that_is_missing)
{
    fr_stage stage;
    OPEN(&stage, "{\"var_files\":[\"none.tfvars\"]}", NULL);
    fr_stage_expect(&stage, fr_stage_plan(&stage, 0), FRACTARY_E_CONFIG);
    ck_assert_str_eq(stage.error.message, "var_files[0]: there is no file none.tfvars");
    ck_assert_ptr_nonnull(strstr(stage.error.place, "config.json: plugins.iac-terraform.var"));
    fr_stage_expect(&stage, fr_stage_init(&stage, 0), FRACTARY_E_CONFIG);
    fr_stage_expect(&stage, fr_stage_validate(&stage), FRACTARY_E_CONFIG);
    ck_assert_uint_eq(fr_fakehost_process_count(stage.host), 0);
    fr_stage_close(&stage);
}
END_TEST

START_TEST(validation)
{
    fr_stage stage;
    OPEN(&stage, "{\"directory\":\"infra\"}", NULL);
    fr_fakehost_write(stage.host, "project/infra/main.tf",
                      "terraform {\n  backend \"s3\" {\n  }\n}\n"
                      "resource \"terraform_data\" \"a\" {\n  input = var.nope\n}\n");
    fr_stage_expect(&stage, fr_stage_validate(&stage), FRACTARY_E_FAILED);
    const fr_json *record = fr_stage_diagnostic(&stage, "reference");
    ck_assert_str_eq(fr_json_get_string(record, "file"), "infra/main.tf");
    ck_assert_int_eq(fr_json_get_int(record, "line", 0), 6);
    fr_fakehost_write(stage.host, "project/infra/main.tf",
                      "resource \"terraform_data\" \"a\" {\n}\n");
    fr_stage_expect(&stage, fr_stage_validate(&stage), FRACTARY_OK);
    fr_stage_expect(&stage, fr_stage_validate(&stage), FRACTARY_OK);
    ck_assert_uint_eq(fr_fakehost_process_count(stage.host), 1);
    fr_fakehost_write(stage.host, "project/infra/main.tf", "resource \"terraform_data\" {\n");
    fr_stage_expect(&stage, fr_stage_validate(&stage), FRACTARY_E_FAILED);
    ck_assert_uint_gt(fr_fakehost_count(stage.host, "diagnostic"), 0);
    fr_stage_close(&stage);
}
END_TEST

/* -------------------------------------------------------------------- locks */

static void pause_ms(long ms)
{
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = (ms % 1000) * 1000000};
    nanosleep(&time, NULL);
}

/* Somebody else applies the same root module; it holds the lock until it is
 * told to end. */
static pid_t somebody_else(fr_stage *stage)
{
    char *data = fr_str_format("%s/else", fr_fakehost_folder(stage->host, "data"));
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        setpgid(0, 0);
        unsetenv("TF_CLI_CONFIG_FILE");
        if (setenv("TF_DATA_DIR", data, 1) != 0 ||
            chdir(fr_fakehost_folder(stage->host, "project")) != 0 ||
            freopen("/dev/null", "w", stdout) == NULL)
            _exit(126);
        execlp("terraform", "terraform", "apply", "-auto-approve", "-json", (char *)NULL);
        execlp("tofu", "tofu", "apply", "-auto-approve", "-json", (char *)NULL);
        _exit(127);
    }
    free(data);
    return pid;
}

static void wait_for_file(fr_stage *stage, const char *path)
{
    for (int i = 0; i < 600; i++) {
        char *text = fr_fakehost_read(stage->host, path);
        free(text);
        if (text != NULL)
            return;
        pause_ms(50);
    }
    ck_abort_msg("%s never came", path);
}

START_TEST(somebody_else_holds_the_lock)
{
    fr_stage stage;
    OPEN(&stage, NULL,
         "resource \"terraform_data\" \"slow\" {\n  provisioner \"local-exec\" {\n"
         "    command = \"touch begun; while [ ! -e end ]; do sleep 0.1; done\"\n  }\n"
         "}\n");
    fr_stage_expect(&stage, fr_stage_init(&stage, 0), FRACTARY_OK);
    pid_t other = somebody_else(&stage);
    wait_for_file(&stage, "project/begun");
    int32_t status = fr_stage_plan(&stage, 0);
    fr_fakehost_write(stage.host, "project/end", "");
    int ended = 0;
    ck_assert_int_eq(waitpid(other, &ended, 0), other);
    ck_assert(WIFEXITED(ended) && WEXITSTATUS(ended) == 0);
    fr_stage_expect(&stage, status, FRACTARY_E_BUSY);
    const fr_json *lock = fr_json_get(fr_stage_diagnostic(&stage, "lock"), "lock");
    ck_assert_ptr_nonnull(fr_json_get_string(lock, "id"));
    ck_assert_ptr_nonnull(strchr(fr_json_get_string(lock, "who"), '@'));
    ck_assert_str_eq(fr_json_get_string(lock, "operation"), "OperationTypeApply");
    ck_assert_ptr_nonnull(fr_json_get_string(lock, "created"));
    ck_assert_ptr_nonnull(strstr(stage.error.advice, "the lock of a local state goes with it"));
    ck_assert(!has_changes(&stage)); /* free again, and all is there */
    fr_stage_close(&stage);
}
END_TEST

START_TEST(an_interruption)
{
    fr_stage stage;
    OPEN(&stage, NULL,
         "resource \"terraform_data\" \"first\" {\n}\n"
         "resource \"terraform_data\" \"slow\" {\n"
         "  depends_on = [terraform_data.first]\n  provisioner \"local-exec\" {\n"
         "    command = \"sleep 1\"\n  }\n}\n"
         "resource \"terraform_data\" \"never\" {\n"
         "  depends_on = [terraform_data.slow]\n}\n");
    fr_stage_expect(&stage, fr_stage_init(&stage, 0), FRACTARY_OK);
    fr_stage_expect(&stage, fr_stage_plan(&stage, 0), FRACTARY_OK);
    fr_fakehost_cancel_on(stage.host, "Provisioning with 'local-exec'");
    fr_stage_expect(&stage, fr_stage_apply(&stage), FRACTARY_E_CANCELLED);
    ck_assert_ptr_nonnull(
        fr_fakehost_where(stage.host, "change", "address", "terraform_data.first", 0));
    ck_assert_ptr_null(
        fr_fakehost_where(stage.host, "change", "address", "terraform_data.never", 0));
    fr_fakehost_resume(stage.host);
    fr_stage_expect(&stage, fr_stage_show(&stage), FRACTARY_OK);
    ck_assert_uint_ge(fr_fakehost_count(stage.host, "resource"), 1);
    fr_stage_close(&stage);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("terraform");
    TCase *tests = tcase_create("terraform");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, a_whole_life);
    tcase_add_test(tests, the_sealed_plan_is_what_is_applied);
    tcase_add_test(tests, replace_move_import_forget);
    tcase_add_test(tests, changed_outputs_are_changes);
    tcase_add_test(tests, addresses);
    tcase_add_test(tests, sensitive_values_stay_inside);
    tcase_add_test(tests, a_workspace_is_made_and_kept_apart);
    tcase_add_test(tests, init_runs_when_it_must);
    tcase_add_test(tests, another_backend_is_not_taken_silently);
    tcase_add_test(tests, a_partial_failure);
    tcase_add_test(tests, a_stale_plan);
    tcase_add_loop_test(tests, a_mistake, 0, (int)(sizeof mistakes / sizeof *mistakes));
    tcase_add_test(tests, a_var_file_that_is_missing);
    tcase_add_test(tests, validation);
    tcase_add_test(tests, somebody_else_holds_the_lock);
    tcase_add_test(tests, an_interruption);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
