/* Children, real ones: output, environment, descriptors, interruptions, ends. */
#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <fractary-plugin/hash.h>
#include <fractary-plugin/str.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/time.h"
#include "plugin_fixture.h"
#include "service/process_record.h"
#include "service_fixture.h"

static service_fixture f;
static const fractary_process *process;
static fractary_error error;
static fr_buf out, err; /* lines as they came, each ended by '\n' */
static fractary_process_result result;
static int32_t line_status;
static int interrupt_meanwhile; /* while credentials are fetched */

static int32_t keep_line(void *context, uint32_t stream, const char *text, uint64_t length)
{
    fr_buf *to = stream == FRACTARY_STDOUT ? &out : &err;
    (void)context;
    ck_assert(stream == FRACTARY_STDOUT || stream == FRACTARY_STDERR);
    fr_buf_append(to, text, length);
    ck_assert_int_eq(fr_buf_putc(to, '\n'), FRACTARY_OK);
    return line_status;
}

static int32_t credentials(void *context, const char *environment, const char *purpose,
                           const fractary_sink *secret, fractary_error *given)
{
    fr_buf text = {0};
    (void)context;
    ck_assert_str_eq(environment, "test");
    if (interrupt_meanwhile)
        raise(SIGINT);
    if (fr_str_equal(purpose, "grant"))
        return fr_error_set(given, FRACTARY_E_AUTH, "nobody knows");
    fr_buf_printf(&text,
                  "{\"environ\":{\"AWS_ACCESS_KEY_ID\":\"AKID-%s\","
                  "\"AWS_SECRET_ACCESS_KEY\":\"hush\",\"HOME\":\"/elsewhere\"},"
                  "\"expires\":null}",
                  purpose);
    const int32_t status = secret->emit(secret->context, text.data, text.length);
    fr_buf_finish(&text);
    return status;
}

static void set_up(void)
{
    void *made = NULL;
    service_fixture_init(&f);
    memset(&error, 0, sizeof error);
    error.size = sizeof error;
    f.context.broker.credentials = credentials;
    line_status = FRACTARY_OK;
    ck_assert_int_eq(fr_process_service.create(&f.context, &f.guest, &made, &error), FRACTARY_OK);
    process = made;
}

static void tear_down(void)
{
    fr_process_service.destroy((void *)(uintptr_t)process);
    fr_buf_finish(&out);
    fr_buf_finish(&err);
    service_fixture_finish(&f);
}

static int32_t run(const fractary_process_request *request)
{
    fr_buf_clear(&out);
    fr_buf_clear(&err);
    result = (fractary_process_result){.size = sizeof result, .exit_code = -7};
    return process->run(process, fr_call_table(f.call), request, &result, &error);
}

static fractary_process_request request_of(const char *const *argv)
{
    return (fractary_process_request){.size = sizeof(fractary_process_request),
                                      .argv = argv,
                                      .directory = f.folder,
                                      .label = "child",
                                      .line = keep_line};
}

static int32_t run_shell_with(const char *script, uint32_t flags, const char *purpose)
{
    const char *const argv[] = {"/bin/sh", "-c", script, NULL};
    fractary_process_request request = request_of(argv);
    request.flags = flags;
    request.purpose = purpose;
    return run(&request);
}

static int32_t run_shell(const char *script)
{
    return run_shell_with(script, 0, NULL);
}

/* ------------------------------------------------------------------- output */

START_TEST(lines_come_by_stream)
{
    ck_assert_int_eq(run_shell("echo one; echo two >&2; printf 'three\\n\\nfour'"), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&out), "one\nthree\n\nfour\n");
    ck_assert_str_eq(fr_buf_text(&err), "two\n");
    ck_assert_int_eq(result.exit_code, 0);
    ck_assert_int_eq(result.signal, 0);
    ck_assert_int_eq(result.interrupted, 0);
    ck_assert_uint_gt(result.duration, 0);
}
END_TEST

static int32_t make_go(void *context, uint32_t stream, const char *text, uint64_t length)
{
    char *path = fr_str_format("%s/go", f.folder);
    keep_line(context, stream, text, length);
    ck_assert_int_eq(fr_file_write(path, "", 0, 0600, &error), FRACTARY_OK);
    free(path);
    return FRACTARY_OK;
}

START_TEST(reader_and_child_work_at_the_same_time)
{
    const char *const argv[] = {"/bin/sh", "-c",
                                "echo go; i=0; while [ ! -e go ] && [ $i -lt 100 ]; do "
                                "sleep 0.05; i=$((i+1)); done; [ -e go ] && echo went",
                                NULL};
    fractary_process_request request = request_of(argv);
    request.line = make_go;
    ck_assert_int_eq(run(&request), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&out), "go\nwent\n");
}
END_TEST

START_TEST(many_lines_all_come)
{
    ck_assert_int_eq(
        run_shell("i=0; while [ $i -lt 200000 ]; do echo \"line $i\"; i=$((i+1)); done"),
        FRACTARY_OK);
    const char *text = fr_buf_text(&out);
    for (int i = 0; i < 200000; i++) {
        char expected[32];
        const int length = snprintf(expected, sizeof expected, "line %d\n", i);
        ck_assert_msg(strncmp(text, expected, (size_t)length) == 0, "line %d is wrong", i);
        text += length;
    }
    ck_assert_str_eq(text, "");
}
END_TEST

static size_t pieces, piece_bytes, longest_piece;

static int32_t measure(void *context, uint32_t stream, const char *text, uint64_t length)
{
    (void)context;
    (void)stream;
    (void)text;
    pieces++;
    piece_bytes += length;
    longest_piece = length > longest_piece ? length : longest_piece;
    return FRACTARY_OK;
}

START_TEST(huge_line_comes_in_bounded_pieces)
{
    const char *const argv[] = {"/bin/sh", "-c", "head -c 40000000 /dev/zero | tr '\\0' x; echo",
                                NULL};
    fractary_process_request request = request_of(argv);
    request.line = measure;
    ck_assert_int_eq(run(&request), FRACTARY_OK);
    ck_assert_uint_eq(piece_bytes, 40000000);
    ck_assert_uint_eq(pieces, 3);
    ck_assert_uint_le(longest_piece, (16u << 20) + (64u << 10));
}
END_TEST

START_TEST(nobody_has_to_read)
{
    const char *const argv[] = {"/bin/sh", "-c", "head -c 8000000 /dev/zero; exit 4", NULL};
    fractary_process_request request = request_of(argv);
    request.line = NULL;
    ck_assert_int_eq(run(&request), FRACTARY_OK);
    ck_assert_int_eq(result.exit_code, 4);
}
END_TEST

START_TEST(reader_that_fails_stops_the_lines_and_not_the_child)
{
    line_status = FRACTARY_E_LIMIT;
    ck_assert_int_eq(run_shell("echo one; echo two; sleep 0.1; echo three; touch done; exit 5"),
                     FRACTARY_E_LIMIT);
    ck_assert_str_eq(fr_buf_text(&out), "one\n");
    ck_assert_int_eq(result.exit_code, 5);
    char *path = fr_str_format("%s/done", f.folder);
    ck_assert_int_ne(fr_file_exists(path), 0);
    free(path);
}
END_TEST

START_TEST(what_it_left_running_does_not_hold_us)
{
    const uint64_t start = fr_time_monotonic();
    ck_assert_int_eq(run_shell("(while sleep 0.01; do echo noise; done) & echo $!; echo done"),
                     FRACTARY_OK);
    ck_assert_uint_lt(service_fixture_since(start), 2000);
    assert_says(fr_buf_text(&out), "done\n");
    ck_assert_int_eq(kill(atoi(fr_buf_text(&out)), SIGKILL), 0);
}
END_TEST

static mode_t mode_of(const char *name)
{
    char *path = fr_str_format("%s/%s", fr_run_folder(f.context.run, NULL), name);
    struct stat info;
    ck_assert_msg(stat(path, &info) == 0, "%s is not there", path);
    free(path);
    return info.st_mode & 0777;
}

START_TEST(output_stays_in_private_files_of_the_run)
{
    ck_assert_int_eq(run_shell("echo one"), FRACTARY_OK);
    ck_assert_int_eq(run_shell("echo two"), FRACTARY_OK);
    ck_assert_int_eq(mode_of("child.1.out"), 0600);
    ck_assert_int_eq(mode_of("child.1.err"), 0600);
    ck_assert_int_eq(mode_of("child.2.out"), 0600);
    char *path = fr_str_format("%s/child.2.out", fr_run_folder(f.context.run, NULL));
    fr_buf text = {0};
    ck_assert_int_eq(fr_file_read(path, 100, &text, &error), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&text), "two\n");
    fr_buf_finish(&text);
    free(path);
}
END_TEST

static int32_t no_output_file(void *context, const char *name, unsigned char kind)
{
    (void)context;
    (void)kind;
    ck_assert_msg(!fr_str_starts(name, "child."), "%s was left behind", name);
    return FRACTARY_OK;
}

START_TEST(secret_output_leaves_no_file)
{
    ck_assert_int_eq(run_shell_with("echo hush; echo hush >&2", FRACTARY_PROCESS_SECRET, NULL),
                     FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&out), "hush\n");
    ck_assert_str_eq(fr_buf_text(&err), "hush\n");
    ck_assert_int_eq(
        fr_file_list(fr_run_folder(f.context.run, NULL), 100, no_output_file, NULL, &error),
        FRACTARY_OK);
}
END_TEST

/* --------------------------------------------------------------------- ends */

START_TEST(exit_codes_and_signals)
{
    ck_assert_int_eq(run_shell("exit 7"), FRACTARY_OK);
    ck_assert_int_eq(result.exit_code, 7);
    ck_assert_int_eq(run_shell("kill -9 $$"), FRACTARY_OK);
    ck_assert_int_eq(result.exit_code, -1);
    ck_assert_int_eq(result.signal, SIGKILL);
}
END_TEST

START_TEST(result_of_an_older_caller_is_not_overrun)
{
    const char *const argv[] = {"/bin/sh", "-c", "exit 3", NULL};
    const fractary_process_request request = request_of(argv);
    fractary_process_result old = {.size = offsetof(fractary_process_result, signal),
                                   .signal = 1234};
    ck_assert_int_eq(process->run(process, fr_call_table(f.call), &request, &old, &error),
                     FRACTARY_OK);
    ck_assert_int_eq(old.exit_code, 3);
    ck_assert_int_eq(old.signal, 1234);
}
END_TEST

START_TEST(what_cannot_start_says_why)
{
    const char *missing[] = {"/nowhere/tool", NULL};
    fractary_process_request request = request_of(missing);
    ck_assert_int_eq(run(&request), FRACTARY_E_MISSING);
    assert_says(error.message, "/nowhere/tool");
    ck_assert_int_eq(result.exit_code, -1);
    fixture_write(f.folder, "plain", "no program");
    char *plain = fr_str_format("%s/plain", f.folder);
    const char *unfit[] = {plain, NULL};
    request.argv = unfit;
    ck_assert_int_eq(run(&request), FRACTARY_E_FAILED);
    assert_says(error.cause, "ermission");
    free(plain);
    const char *good[] = {"/bin/true", NULL};
    request.argv = good;
    request.directory = "/nowhere";
    ck_assert_int_eq(run(&request), FRACTARY_E_NOTFOUND);
    assert_says(error.message, "/nowhere");
    /* No child of ours is left. */
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
}
END_TEST

START_TEST(wrong_requests_are_refused)
{
    const char *relative[] = {"sh", NULL};
    const char *empty[] = {NULL};
    const char *good[] = {"/bin/true", NULL};
    fractary_process_request request = request_of(relative);
    ck_assert_int_eq(run(&request), FRACTARY_E_INVALID);
    request.argv = empty;
    ck_assert_int_eq(run(&request), FRACTARY_E_INVALID);
    request.argv = good;
    request.label = "../up";
    ck_assert_int_eq(run(&request), FRACTARY_E_INVALID);
    request.label = "child";
    request.directory = "here";
    ck_assert_int_eq(run(&request), FRACTARY_E_INVALID);
    request.directory = f.folder;
    ck_assert_int_eq(run(&request), FRACTARY_OK);
}
END_TEST

START_TEST(find_looks_in_absolute_folders_of_path)
{
    fr_buf path = {0};
    const fractary_sink sink = fr_buf_sink(&path);
    char *search = fr_str_format(":.:relative:%s:/bin", f.folder);
    setenv("PATH", search, 1);
    free(search);
    ck_assert_int_eq(process->find(process, "sh", &sink, &error), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&path), "/bin/sh");
    fr_buf_clear(&path);
    ck_assert_int_eq(process->find(process, "/bin/sh", &sink, &error), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&path), "/bin/sh");
    ck_assert_int_eq(process->find(process, "no-such-tool", &sink, &error), FRACTARY_E_MISSING);
    assert_says(error.advice, "no-such-tool");
    ck_assert_int_eq(process->find(process, "/bin", &sink, &error), FRACTARY_E_MISSING);
    ck_assert_int_eq(process->find(process, "bin/sh", &sink, &error), FRACTARY_E_INVALID);
    fixture_write(f.folder, "plain", "not a program");
    ck_assert_int_eq(process->find(process, "plain", &sink, &error), FRACTARY_E_MISSING);
    /* What lies in the folder that we happen to be in is no tool. */
    fixture_write(f.folder, "relative/planted", "#!/bin/sh");
    ck_assert_int_eq(chdir(f.folder), 0);
    ck_assert_int_eq(chmod("relative/planted", 0755), 0);
    ck_assert_int_eq(process->find(process, "planted", &sink, &error), FRACTARY_E_MISSING);
    fr_buf_finish(&path);
}
END_TEST

/* -------------------------------------------------------------- environment */

static int has_variable(const char *line)
{
    char *whole = fr_str_format("%s\n", line);
    const char *found = strstr(fr_buf_text(&out), whole);
    free(whole);
    return found != NULL;
}

static int has_name(const char *name)
{
    char *whole = fr_str_format("\n%s=", name);
    const int found =
        strstr(fr_buf_text(&out), whole) != NULL || fr_str_starts(fr_buf_text(&out), whole + 1);
    free(whole);
    return found;
}

static void set_dangerous_variables(void)
{
    setenv("AWS_SECRET_ACCESS_KEY", "outer", 1);
    setenv("AWS_PROFILE", "outer", 1);
    setenv("GOOGLE_APPLICATION_CREDENTIALS", "outer", 1);
    setenv("TF_CLI_ARGS_plan", "-destroy", 1);
    setenv("HARMLESS", "kept", 1);
    setenv("HOME", "/outer", 1);
}

START_TEST(child_without_purpose_gets_no_credentials)
{
    set_dangerous_variables();
    ck_assert_int_eq(run_shell("env"), FRACTARY_OK);
    ck_assert(has_variable("HARMLESS=kept"));
    ck_assert(has_variable("HOME=/outer"));
    ck_assert(!has_name("AWS_SECRET_ACCESS_KEY") && !has_name("AWS_PROFILE"));
    ck_assert(!has_name("GOOGLE_APPLICATION_CREDENTIALS") && !has_name("TF_CLI_ARGS_plan"));
}
END_TEST

START_TEST(child_with_purpose_gets_that_identity)
{
    set_dangerous_variables();
    ck_assert_int_eq(fr_gate_enter(f.context.gate, "deploy"), FRACTARY_OK);
    ck_assert_int_eq(run_shell_with("env", 0, "deploy"), FRACTARY_OK);
    ck_assert(has_variable("AWS_ACCESS_KEY_ID=AKID-deploy"));
    ck_assert(has_variable("AWS_SECRET_ACCESS_KEY=hush"));
    ck_assert(has_variable("HOME=/elsewhere") && !has_variable("HOME=/outer"));
    ck_assert(!has_name("AWS_PROFILE"));
    fr_gate_leave(f.context.gate);
}
END_TEST

START_TEST(purpose_must_be_allowed)
{
    ck_assert_int_eq(run_shell_with("touch ran", 0, "read"), FRACTARY_E_REFUSED);
    ck_assert_int_eq(fr_gate_enter(f.context.gate, "read"), FRACTARY_OK);
    ck_assert_int_eq(run_shell_with("touch ran", 0, "deploy"), FRACTARY_E_REFUSED);
    ck_assert_int_eq(fr_gate_enter(f.context.gate, "grant"), FRACTARY_OK);
    ck_assert_int_eq(run_shell_with("touch ran", 0, "grant"), FRACTARY_E_AUTH);
    char *path = fr_str_format("%s/ran", f.folder);
    ck_assert_int_eq(fr_file_exists(path), 0);
    free(path);
}
END_TEST

START_TEST(variables_of_the_request_are_added_last)
{
    const char *const argv[] = {"/usr/bin/env", NULL};
    const char *const added[] = {"HARMLESS=changed", "TF_DATA_DIR=/data", "EMPTY=", NULL};
    const char *const forbidden[] = {"AWS_ACCESS_KEY_ID=mine", NULL};
    const char *const broken[] = {"no equals sign", NULL};
    fractary_process_request request = request_of(argv);
    set_dangerous_variables();
    request.environ = added;
    ck_assert_int_eq(run(&request), FRACTARY_OK);
    ck_assert(has_variable("HARMLESS=changed") && !has_variable("HARMLESS=kept"));
    ck_assert(has_variable("TF_DATA_DIR=/data") && has_variable("EMPTY="));
    request.environ = forbidden;
    ck_assert_int_eq(run(&request), FRACTARY_E_REFUSED);
    assert_says(error.message, "AWS_ACCESS_KEY_ID");
    ck_assert_ptr_null(strstr(error.message, "mine"));
    request.environ = broken;
    ck_assert_int_eq(run(&request), FRACTARY_E_INVALID);
}
END_TEST

/* ----------------------------------------------------- descriptors, signals */

START_TEST(no_descriptor_leaks_into_the_child)
{
    const int leaky = open("/dev/null", O_RDONLY); /* without O_CLOEXEC */
    const int high = fcntl(leaky, F_DUPFD, 200);
    ck_assert_int_ge(high, 200);
    const char *const argv[] = {"/bin/ls", "/proc/self/fd", NULL};
    const fractary_process_request request = request_of(argv);
    ck_assert_int_eq(run(&request), FRACTARY_OK);
    /* 3 is the folder that ls reads. */
    ck_assert_str_eq(fr_buf_text(&out), "0\n1\n2\n3\n");
    close(leaky);
    close(high);
}
END_TEST

START_TEST(standard_input_is_empty)
{
    ck_assert_int_eq(run_shell("cat; readlink /proc/self/fd/0"), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&out), "/dev/null\n");
}
END_TEST

static void seal(const char *name, const char *content)
{
    char sha256[65];
    char *path = fr_str_format("%s/%s", fr_run_scratch(f.context.run, &error), name);
    ck_assert_int_eq(fr_file_write(path, content, strlen(content), 0600, &error), FRACTARY_OK);
    ck_assert_int_eq(fr_run_seal(f.context.run, name, path, sha256, &error), FRACTARY_OK);
    free(path);
}

START_TEST(attachments_are_read_from_the_start_each_time)
{
    const char *const argv[] = {"/bin/sh", "-c",
                                "cat <&3; cat /proc/self/fd/4; cat /proc/self/fd/3", NULL};
    const char *const names[] = {"plan", "other", NULL};
    fractary_process_request request = request_of(argv);
    seal("plan", "the plan\n");
    seal("other", "another\n");
    request.attachments = names;
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(run(&request), FRACTARY_OK);
        ck_assert_str_eq(fr_buf_text(&out), "the plan\nanother\nthe plan\n");
    }
    const char *const unknown[] = {"plan", "nothing", NULL};
    request.attachments = unknown;
    ck_assert_int_eq(run(&request), FRACTARY_E_NOTFOUND);
    assert_says(error.message, "nothing");
}
END_TEST

START_TEST(attachment_cannot_be_changed)
{
    const char *const argv[] = {"/bin/sh", "-c", "echo x >/proc/self/fd/3", NULL};
    const char *const names[] = {"plan", NULL};
    fractary_process_request request = request_of(argv);
    seal("plan", "the plan\n");
    request.attachments = names;
    ck_assert_int_eq(run(&request), FRACTARY_OK);
    ck_assert_int_ne(result.exit_code, 0);
}
END_TEST

START_TEST(signals_are_at_their_defaults)
{
    signal(SIGUSR1, SIG_IGN);
    ck_assert_int_eq(run_shell("grep -E '^Sig(Blk|Ign)' /proc/self/status"), FRACTARY_OK);
    unsigned long long blocked = 0, ignored = 0;
    ck_assert_int_eq(sscanf(fr_buf_text(&out), "SigBlk: %llx SigIgn: %llx", &blocked, &ignored), 2);
    ck_assert_uint_eq(blocked, 0);
    /* The C library keeps signals 32 and 33 to itself: whoever started this
     * test may have them ignored, and nobody can change that by sigaction(). */
    ck_assert_uint_eq(ignored & ~(3ULL << 31), 0);
}
END_TEST

START_TEST(child_leads_a_session_of_its_own)
{
    ck_assert_int_eq(run_shell("cut -d' ' -f1,5,6,7 /proc/$$/stat; exec 9</dev/tty"), FRACTARY_OK);
    int pid = 0, group = 0, session = 0, terminal = 0;
    ck_assert_int_eq(sscanf(fr_buf_text(&out), "%d %d %d %d", &pid, &group, &session, &terminal),
                     4);
    ck_assert_int_eq(pid, group);
    ck_assert_int_eq(pid, session);
    ck_assert_int_eq(terminal, 0);
    ck_assert_int_ne(result.exit_code, 0);
}
END_TEST

/* ------------------------------------------------------------ interruptions */

START_TEST(interruption_is_passed_on_once_and_waited_for)
{
    service_fixture_signal_later(SIGINT, 300);
    ck_assert_int_eq(run_shell_with("n=0; trap 'n=$((n+1))' INT; i=0; "
                                    "while [ $i -lt 12 ]; do sleep 0.1; i=$((i+1)); done; "
                                    "echo caught $n; exit 3",
                                    FRACTARY_PROCESS_CAREFUL, NULL),
                     FRACTARY_E_CANCELLED);
    ck_assert_str_eq(fr_buf_text(&out), "caught 1\n");
    ck_assert_int_eq(result.exit_code, 3);
    ck_assert_int_eq(result.interrupted, 1);
    const fr_json *said = service_fixture_record(&f, "log", 0);
    assert_says(fr_json_get_string(said, "message"), "child");
    ck_assert_str_eq(fr_json_get_string(said, "level"), "info");
    ck_assert_uint_eq(service_fixture_count(&f, "log"), 1);
    /* What winds up may run. */
    ck_assert_int_eq(run_shell("echo state"), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&out), "state\n");
}
END_TEST

START_TEST(second_interruption_is_passed_on_too)
{
    const uint64_t start = fr_time_monotonic();
    service_fixture_signal_later(SIGINT, 300);
    service_fixture_signal_later(SIGTERM, 800);
    ck_assert_int_eq(run_shell_with("n=0; trap 'n=$((n+1)); [ $n = 2 ] && { echo twice; exit 4; }' "
                                    "INT; while :; do sleep 0.1; done",
                                    FRACTARY_PROCESS_CAREFUL, NULL),
                     FRACTARY_E_CANCELLED);
    ck_assert_str_eq(fr_buf_text(&out), "twice\n");
    ck_assert_int_eq(result.exit_code, 4);
    ck_assert_uint_lt(service_fixture_since(start), 4000);
    ck_assert_str_eq(fr_json_get_string(service_fixture_record(&f, "log", 1), "level"), "warning");
}
END_TEST

static void ends_a_deaf_child(uint32_t flags, unsigned at_least, unsigned at_most)
{
    const uint64_t start = fr_time_monotonic();
    service_fixture_signal_later(SIGINT, 200);
    service_fixture_signal_later(SIGINT, 500);
    ck_assert_int_eq(run_shell_with("trap '' INT; while :; do sleep 0.2; done", flags, NULL),
                     FRACTARY_E_CANCELLED);
    ck_assert_uint_ge(service_fixture_since(start), at_least);
    ck_assert_uint_le(service_fixture_since(start), at_most);
    ck_assert_int_eq(result.signal, SIGKILL);
    assert_says(error.message, "killed");
    assert_says(fr_json_get_string(service_fixture_record(&f, "log", 2), "message"), "killed");
}

START_TEST(deaf_child_is_killed_after_insisting)
{
    ends_a_deaf_child(0, 5400, 7500);
}
END_TEST

START_TEST(careful_child_has_more_time)
{
    ends_a_deaf_child(FRACTARY_PROCESS_CAREFUL, 10400, 12500);
}
END_TEST

static int ended(void)
{
    char *path = fr_str_format("%s/ended", f.folder);
    const int there = fr_file_exists(path);
    free(path);
    return there;
}

START_TEST(interruption_beforehand_starts_nothing)
{
    raise(SIGINT);
    ck_assert_int_eq(run_shell("touch ended"), FRACTARY_E_CANCELLED);
    ck_assert_int_eq(ended(), 0);
}
END_TEST

START_TEST(interruption_meanwhile_starts_nothing)
{
    interrupt_meanwhile = 1;
    ck_assert_int_eq(fr_gate_enter(f.context.gate, "deploy"), FRACTARY_OK);
    ck_assert_int_eq(run_shell_with("touch ended", 0, "deploy"), FRACTARY_E_CANCELLED);
    ck_assert_int_eq(ended(), 0);
}
END_TEST

START_TEST(deadline_ends_a_child)
{
    const uint64_t start = fr_time_monotonic();
    service_fixture_call(&f, 300);
    ck_assert_int_eq(run_shell("exec sleep 60"), FRACTARY_E_DEADLINE);
    ck_assert_uint_lt(service_fixture_since(start), 2000);
    ck_assert_int_eq(result.signal, SIGINT);
    ck_assert_int_eq(result.interrupted, 0);
    assert_says(fr_json_get_string(service_fixture_record(&f, "log", 0), "message"), "deadline");
    ck_assert_int_eq(run_shell("touch ran"), FRACTARY_E_DEADLINE);
    ck_assert_int_eq(result.exit_code, -1);
}
END_TEST

START_TEST(deaf_child_over_its_deadline_is_killed)
{
    const uint64_t start = fr_time_monotonic();
    service_fixture_call(&f, 200);
    ck_assert_int_eq(run_shell("trap '' INT; while :; do sleep 0.2; done"), FRACTARY_E_DEADLINE);
    ck_assert_uint_ge(service_fixture_since(start), 5000);
    ck_assert_uint_lt(service_fixture_since(start), 7500);
    ck_assert_int_eq(result.signal, SIGKILL);
}
END_TEST

/* --------------------------------------------------------------- our death */

#define SLOWLY "i=0; while [ $i -lt 10 ]; do echo tick $i; sleep 0.1; i=$((i+1)); done; touch ended"

static int survives_us(uint32_t flags)
{
    const pid_t pid = fork();
    if (pid == 0) {
        run_shell_with(SLOWLY, flags, NULL);
        _exit(0);
    }
    usleep(400000);
    ck_assert_int_eq(kill(pid, SIGKILL), 0);
    ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
    ck_assert_int_eq(ended(), 0);
    for (int i = 0; i < 30 && !ended(); i++)
        usleep(100000);
    return ended();
}

START_TEST(careful_child_ends_well_when_we_are_killed)
{
    ck_assert_int_ne(survives_us(FRACTARY_PROCESS_CAREFUL), 0);
    char *path = fr_str_format("%s/child.1.out", fr_run_folder(f.context.run, NULL));
    fr_buf text = {0};
    ck_assert_int_eq(fr_file_read(path, 1000, &text, &error), FRACTARY_OK);
    assert_says(fr_buf_text(&text), "tick 9\n");
    fr_buf_finish(&text);
    free(path);
}
END_TEST

START_TEST(other_children_end_with_us)
{
    ck_assert_int_eq(survives_us(0), 0);
}
END_TEST

/* ------------------------------------------------------------------ journal */

START_TEST(journal_has_the_process_without_secrets)
{
    const char *const argv[] = {"/bin/sh",
                                "-c",
                                "exit 2",
                                "-var=db_password=hush",
                                "--token",
                                "hush",
                                "https://user:hush@example.com/x",
                                NULL};
    const fractary_process_request request = request_of(argv);
    ck_assert_int_eq(run(&request), FRACTARY_OK);
    ck_assert_uint_eq(service_fixture_count(&f, "process"), 0);
    char *journal = service_fixture_journal(&f);
    assert_says(journal, "\"type\":\"process\"");
    assert_says(journal, "\"exit_code\":2");
    assert_says(journal, "-var=db_password=(hidden)");
    assert_says(journal, "https://user:(hidden)@example.com/x");
    ck_assert_ptr_null(strstr(journal, "hush"));
    free(journal);
}
END_TEST

static const struct {
    const char *argument, *shown;
} arguments[] = {
    {"plan", "plan"},
    {"-var=name=x", "-var=name=x"},
    {"-backend-config=secret_key=a=b", "-backend-config=secret_key=(hidden)"},
    {"API_TOKEN=x", "API_TOKEN=(hidden)"},
    {"-out=/tmp/token", "-out=/tmp/token"},
    {"http://host/a@b:c", "http://host/a@b:c"},
    {"http://user@host/", "http://user@host/"},
};

START_TEST(arguments_are_redacted)
{
    fr_buf text = {0};
    ck_assert_int_eq(fr_process_redact(arguments[_i].argument, &text), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&text), arguments[_i].shown);
    fr_buf_finish(&text);
    ck_assert_int_ne(fr_process_announces_secret("--password"), 0);
    ck_assert_int_eq(fr_process_announces_secret("--path"), 0);
}
END_TEST

/* --------------------------------------------------------------------- suite */

static void add_quick(Suite *suite)
{
    TCase *cases = tcase_create("quick");
    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, lines_come_by_stream);
    tcase_add_test(cases, reader_and_child_work_at_the_same_time);
    tcase_add_test(cases, many_lines_all_come);
    tcase_add_test(cases, huge_line_comes_in_bounded_pieces);
    tcase_add_test(cases, nobody_has_to_read);
    tcase_add_test(cases, reader_that_fails_stops_the_lines_and_not_the_child);
    tcase_add_test(cases, what_it_left_running_does_not_hold_us);
    tcase_add_test(cases, output_stays_in_private_files_of_the_run);
    tcase_add_test(cases, secret_output_leaves_no_file);
    tcase_add_test(cases, exit_codes_and_signals);
    tcase_add_test(cases, result_of_an_older_caller_is_not_overrun);
    tcase_add_test(cases, what_cannot_start_says_why);
    tcase_add_test(cases, wrong_requests_are_refused);
    tcase_add_test(cases, find_looks_in_absolute_folders_of_path);
    tcase_add_test(cases, child_without_purpose_gets_no_credentials);
    tcase_add_test(cases, child_with_purpose_gets_that_identity);
    tcase_add_test(cases, purpose_must_be_allowed);
    tcase_add_test(cases, variables_of_the_request_are_added_last);
    tcase_add_test(cases, no_descriptor_leaks_into_the_child);
    tcase_add_test(cases, standard_input_is_empty);
    tcase_add_test(cases, attachments_are_read_from_the_start_each_time);
    tcase_add_test(cases, attachment_cannot_be_changed);
    tcase_add_test(cases, signals_are_at_their_defaults);
    tcase_add_test(cases, child_leads_a_session_of_its_own);
    tcase_add_test(cases, journal_has_the_process_without_secrets);
    tcase_add_loop_test(cases, arguments_are_redacted, 0,
                        (int)(sizeof arguments / sizeof *arguments));
    suite_add_tcase(suite, cases);
}

static void add_ends(Suite *suite)
{
    TCase *cases = tcase_create("ends");
    tcase_add_checked_fixture(cases, set_up, tear_down);
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, interruption_is_passed_on_once_and_waited_for);
    tcase_add_test(cases, second_interruption_is_passed_on_too);
    tcase_add_test(cases, deaf_child_is_killed_after_insisting);
    tcase_add_test(cases, careful_child_has_more_time);
    tcase_add_test(cases, interruption_beforehand_starts_nothing);
    tcase_add_test(cases, interruption_meanwhile_starts_nothing);
    tcase_add_test(cases, deadline_ends_a_child);
    tcase_add_test(cases, deaf_child_over_its_deadline_is_killed);
    tcase_add_test(cases, careful_child_ends_well_when_we_are_killed);
    tcase_add_test(cases, other_children_end_with_us);
    suite_add_tcase(suite, cases);
}

int main(void)
{
    Suite *suite = suite_create("process");
    add_quick(suite);
    add_ends(suite);
    return fixture_run(suite);
}
