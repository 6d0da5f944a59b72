#include "service/git.h"

#include "base/path.h"
#include "base/time.h"
#include "service/process.h"
#include "service/process_environ.h"
#include "service/process_output.h"
#include "service/program.h"
#include <fractary-plugin/str.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEADLINE       (60 * FR_SECOND)
#define LARGEST_OUTPUT (64u * 1024 * 1024)
#define LONGEST_REF    1000
#define MOST_WORDS     16
#define LONGEST_PIECE  300 /* of what git said itself */

/* Several children, one after the other, before one deadline. */
typedef struct git {
    char *program;
    const char *folder; /* where it runs */
    fr_environ_block environ;
    fr_loop *loop;
    uint64_t deadline;
    int shallow;
} git;

/* What one child has answered. */
typedef struct answer {
    int exit_code;
    fr_buf out, err;
} answer;

static void answer_finish(answer *a)
{
    fr_buf_finish(&a->out);
    fr_buf_finish(&a->err);
    *a = (answer){0};
}

/* ------------------------------------------------------------------- starting */

/* Of git's own variables those stay that say where its settings are. The
 * others would lead it to another repository, or make it write. */
static int is_kept(const char *entry)
{
    static const char *const kept[] = {
        "GIT_CONFIG_GLOBAL=", "GIT_CONFIG_SYSTEM=", "GIT_CONFIG_NOSYSTEM=",
        "GIT_CEILING_DIRECTORIES=", "GIT_DISCOVERY_ACROSS_FILESYSTEM="};

    if (!fr_str_starts(entry, "GIT_"))
        return 1;
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        if (fr_str_starts(entry, kept[i]))
            return 1;
    }
    return 0;
}

static int32_t make_environ(git *g, fractary_error *error)
{
    static const char *const added[] = {"GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0",
                                        "GIT_NO_LAZY_FETCH=1", "LC_ALL=C", NULL};
    fr_vec inherited = {0};
    int32_t status = FRACTARY_OK;

    for (char **entry = environ; *entry != NULL && status == FRACTARY_OK; entry++) {
        if (is_kept(*entry))
            status = fr_vec_push(&inherited, *entry);
    }
    if (status == FRACTARY_OK)
        status = fr_vec_push(&inherited, NULL);
    if (status == FRACTARY_OK)
        status = fr_environ_inherit(&g->environ, (const char *const *)inherited.items, NULL, "",
                                    error);
    else
        fr_error_nomem(error);
    fr_vec_finish(&inherited, NULL);
    return status == FRACTARY_OK ? fr_environ_add(&g->environ, added, error) : status;
}

static int32_t no_git(fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_MISSING, "git was not found");
    fr_error_cause(error, "no folder of PATH holds it, and git alone knows what has changed");
    fr_error_advice(error, "install git, or name the stacks: --stack NAME, --all");
    return FRACTARY_E_MISSING;
}

static int32_t git_init(git *g, const char *folder, fractary_error *error)
{
    *g = (git){.program = fr_program_find("git"),
               .folder = folder,
               .deadline = fr_time_monotonic() + DEADLINE};
    if (g->program == NULL)
        return no_git(error);
    const int32_t status = make_environ(g, error);
    return status == FRACTARY_OK ? fr_loop_create(&g->loop, error) : status;
}

static void git_finish(git *g)
{
    fr_loop_destroy(g->loop);
    fr_environ_finish(&g->environ);
    free(g->program);
}

/* -------------------------------------------------------------------- running */

static void end_at_once(fr_child *child)
{
    fr_child_signal(child, SIGKILL);
    for (int i = 0; i < 200 && !child->ended; i++) {
        (void)poll(NULL, 0, 10);
        fr_child_look(child);
    }
}

static int32_t wait_for_end(git *g, fr_child *child, fractary_error *error)
{
    int32_t status = FRACTARY_OK;

    for (fr_child_look(child); !child->ended && status == FRACTARY_OK; fr_child_look(child)) {
        status = fr_loop_check(g->loop, g->deadline, "git looks for what has changed", error);
        if (status == FRACTARY_OK)
            status = fr_loop_step(g->loop, fr_time_monotonic() + 50 * FR_MILLISECOND, error);
    }
    if (status != FRACTARY_OK)
        end_at_once(child);
    return status;
}

static int32_t take_output(const fr_output *output, fr_buf *to, fractary_error *error)
{
    struct stat info;

    if (fstat(output->descriptor, &info) != 0 || info.st_size > (off_t)LARGEST_OUTPUT)
        return fr_error_set(error, FRACTARY_E_LIMIT, "git has answered with more than %u bytes",
                            LARGEST_OUTPUT);
    const size_t size = (size_t)info.st_size;
    if (fr_buf_reserve(to, size + 1) != FRACTARY_OK)
        return fr_error_nomem(error);
    while (to->length < size) {
        const ssize_t got =
            pread(output->descriptor, to->data + to->length, size - to->length, (off_t)to->length);
        if (got <= 0)
            return fr_error_set(error, FRACTARY_E_IO, "what git has answered cannot be read");
        to->length += (size_t)got;
    }
    to->data[size] = '\0';
    return FRACTARY_OK;
}

/* Runs `git <words>`; the answer's exit code is git's. */
static int32_t ask(git *g, const char *const *words, answer *a, fractary_error *error)
{
    /* Neither a program that watches files nor one that fetches what is lacking. */
    const char *argv[MOST_WORDS] = {g->program, "-c", "core.fsmonitor=false", "-c",
                                    "protocol.allow=never"};
    fr_output out = {.descriptor = -1};
    fr_output err = {.descriptor = -1};
    fr_child child;
    unsigned number = 1;

    *a = (answer){0};
    for (size_t i = 5; *words != NULL && i + 1 < MOST_WORDS; i++)
        argv[i] = *words++;
    int32_t status = fr_output_open(&out, &err, NULL, "git", &number, error);
    const fr_child_plan plan = {.argv = argv,
                                .environ = fr_environ_texts(&g->environ),
                                .directory = g->folder,
                                .out = out.descriptor,
                                .err = err.descriptor};
    if (status == FRACTARY_OK && plan.environ == NULL)
        status = fr_error_nomem(error);
    if (status == FRACTARY_OK)
        status = fr_child_start(&plan, g->loop, &child, error);
    if (status == FRACTARY_OK) {
        status = wait_for_end(g, &child, error);
        a->exit_code = child.exit_code;
        fr_child_finish(&child, g->loop);
    }
    if (status == FRACTARY_OK)
        status = take_output(&out, &a->out, error);
    if (status == FRACTARY_OK)
        status = take_output(&err, &a->err, error);
    fr_output_finish(&out);
    fr_output_finish(&err);
    return status;
}

/* A line that git answered, without its end; NULL when it is none. */
static char *line_of(const answer *a)
{
    const char *text = fr_buf_text(&a->out);
    const size_t length = strcspn(text, "\n");

    return a->exit_code == 0 && length > 0 ? fr_str_ndup(text, length) : NULL;
}

/* What git said, as the cause. */
static void say_why(const answer *a, fractary_error *error)
{
    const char *text = fr_buf_text(&a->err);

    if (fr_str_starts(text, "fatal: "))
        text += strlen("fatal: ");
    const size_t length = strcspn(text, "\n");
    fr_error_cause(error, "git says: %.*s", (int)(length < LONGEST_PIECE ? length : LONGEST_PIECE),
                   text);
}

static int32_t failed(const answer *a, const char *what, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_CONFIG, "git cannot %s", what);
    say_why(a, error);
    fr_error_advice(error, "mend that, or name the stacks: --stack NAME, --all");
    return FRACTARY_E_CONFIG;
}

/* *out: the one line that git answers, NULL where it fails. */
static int32_t ask_line(git *g, const char *const *words, char **out, fractary_error *error)
{
    answer a;
    const int32_t status = ask(g, words, &a, error);

    *out = status == FRACTARY_OK ? line_of(&a) : NULL;
    answer_finish(&a);
    return status;
}

/* ----------------------------------------------------------------- repository */

static int32_t no_repository(const git *g, const answer *a, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_CONFIG,
                 "what has changed is not known: %s is in no repository"
                 " that git can read",
                 g->folder);
    say_why(a, error);
    fr_error_advice(error, "run it in a clone, or name the stacks: --stack NAME, --all");
    fr_error_place(error, "%s", g->folder);
    return FRACTARY_E_CONFIG;
}

/* The folder around everything; git says it without links in it. */
static int32_t find_top(git *g, char **top, fractary_error *error)
{
    static const char *const words[] = {"rev-parse", "--is-shallow-repository", "--show-toplevel",
                                        NULL};
    answer a;
    int32_t status = ask(g, words, &a, error);
    const char *feed = strchr(fr_buf_text(&a.out), '\n');

    if (status == FRACTARY_OK && (a.exit_code != 0 || feed == NULL || feed[1] != '/')) {
        status = no_repository(g, &a, error);
    } else if (status == FRACTARY_OK) {
        g->shallow = fr_str_starts(fr_buf_text(&a.out), "true\n");
        /* A name may have line feeds in it; the last one is git's. */
        *top = fr_str_ndup(feed + 1, strlen(feed + 1) - 1);
        status = *top != NULL ? FRACTARY_OK : fr_error_nomem(error);
    }
    answer_finish(&a);
    return status;
}

/* -------------------------------------------------------------- the old commit */

static void advise_fetch(const git *g, const char *depth, fractary_error *error)
{
    if (g->shallow)
        fr_error_advice(error,
                        "this clone is shallow: fetch more of it with `git fetch %s` (in GitHub's "
                        "checkout action: fetch-depth: 0), or name a commit that is here: "
                        "--since REF",
                        depth);
    else
        fr_error_advice(error, "fetch it with `git fetch origin`, or name a commit that is here: "
                               "--since REF");
}

/* *commit: NULL where there is none of that name. */
static int32_t resolve(git *g, const char *name, char **commit, fractary_error *error)
{
    char *wanted = fr_str_format("%s^{commit}", name);
    const char *const words[] = {"rev-parse", "--verify", "--quiet", wanted, NULL};

    *commit = NULL;
    const int32_t status =
        wanted != NULL ? ask_line(g, words, commit, error) : fr_error_nomem(error);
    free(wanted);
    return status;
}

static int is_ref(const char *since)
{
    if (since[0] == '-' || since[0] == '\0' || strlen(since) > LONGEST_REF)
        return 0;
    for (const char *c = since; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return 0;
    }
    return 1;
}

static int32_t since_named(git *g, const char *since, fr_git_changes *out, fractary_error *error)
{
    if (!is_ref(since)) {
        fr_error_set(error, FRACTARY_E_INVALID, "--since: \"%s\" names no commit", since);
        fr_error_advice(error, "name a commit, a branch or a tag, such as origin/main");
        return FRACTARY_E_INVALID;
    }
    const int32_t status = resolve(g, since, &out->commit, error);
    if (status != FRACTARY_OK)
        return status;
    out->since = fr_str_dup(since);
    if (out->commit != NULL)
        return out->since != NULL ? FRACTARY_OK : fr_error_nomem(error);
    fr_error_set(error, FRACTARY_E_INVALID, "--since: git knows no commit \"%s\"", since);
    fr_error_cause(error, "neither a branch nor a tag nor a commit of this clone is called so");
    advise_fetch(g, "--unshallow", error);
    return FRACTARY_E_INVALID;
}

static int32_t empty_tree(git *g, fr_git_changes *out, fractary_error *error)
{
    static const char *const words[] = {"hash-object", "-t", "tree", "--stdin", NULL};

    out->since = fr_str_dup("the beginning");
    const int32_t status = ask_line(g, words, &out->commit, error);
    if (status != FRACTARY_OK)
        return status;
    return out->since != NULL && out->commit != NULL ? FRACTARY_OK : fr_error_nomem(error);
}

/* HEAD is what the remote has: what its last commit brought. */
static int32_t since_before(git *g, fr_git_changes *out, fractary_error *error)
{
    const int32_t status = resolve(g, "HEAD^", &out->commit, error);

    if (status != FRACTARY_OK)
        return status;
    if (out->commit == NULL && !g->shallow)
        return empty_tree(g, out, error);
    out->since = fr_str_dup("the commit before HEAD");
    if (out->commit != NULL)
        return out->since != NULL ? FRACTARY_OK : fr_error_nomem(error);
    fr_error_set(error, FRACTARY_E_CONFIG, "the commit before HEAD is not in this clone");
    fr_error_cause(error, "HEAD is the remote's own, so that commit is what it is compared with");
    advise_fetch(g, "--depth=2", error);
    return FRACTARY_E_CONFIG;
}

static int32_t no_base(const git *g, const char *branch, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_CONFIG, "HEAD and %s have no commit in common here", branch);
    fr_error_cause(error, g->shallow ? "where they parted is not in this clone"
                                     : "neither descends from the other, nor both from a third");
    advise_fetch(g, "--unshallow", error);
    return FRACTARY_E_CONFIG;
}

/* `tip` is the commit of the remote's `branch`. */
static int32_t since_base(git *g, const char *branch, const char *tip, fr_git_changes *out,
                          fractary_error *error)
{
    const char *const words[] = {"merge-base", "HEAD", tip, NULL};
    char *head = NULL;
    int32_t status = resolve(g, "HEAD", &head, error);

    if (status == FRACTARY_OK)
        status = ask_line(g, words, &out->commit, error);
    if (status == FRACTARY_OK && out->commit == NULL) {
        status = no_base(g, branch, error);
    } else if (status == FRACTARY_OK && fr_str_equal(out->commit, head)) {
        free(out->commit);
        out->commit = NULL;
        status = since_before(g, out, error);
    } else if (status == FRACTARY_OK) {
        out->since = fr_str_format("the merge base with %s", branch);
        status = out->since != NULL ? FRACTARY_OK : fr_error_nomem(error);
    }
    free(head);
    return status;
}

static int32_t no_default(const git *g, fractary_error *error)
{
    fr_error_set(error, FRACTARY_E_CONFIG, "there is nothing to compare with");
    fr_error_cause(error, "this clone has none of origin/HEAD, origin/main and origin/master");
    advise_fetch(g, "--unshallow origin main:refs/remotes/origin/main", error);
    return FRACTARY_E_CONFIG;
}

static int32_t since_default(git *g, fr_git_changes *out, fractary_error *error)
{
    static const char *const branches[] = {"origin/HEAD", "origin/main", "origin/master"};

    for (size_t i = 0; i < sizeof branches / sizeof *branches; i++) {
        char *name = fr_str_format("refs/remotes/%s", branches[i]);
        char *tip = NULL;
        int32_t status = name != NULL ? resolve(g, name, &tip, error) : fr_error_nomem(error);
        free(name);
        if (status == FRACTARY_OK && tip == NULL)
            continue;
        if (status == FRACTARY_OK)
            status = since_base(g, branches[i], tip, out, error);
        free(tip);
        return status;
    }
    return no_default(g, error);
}

/* --------------------------------------------------------------------- changes */

/* Names, each ended by a NUL, relative to the folder where git runs. */
static int32_t add_names(const git *g, const fr_buf *names, fr_names *paths)
{
    const char *at = fr_buf_text(names);
    const char *end = at + names->length;

    for (; at < end && !paths->failed; at += strlen(at) + 1) {
        char *path = fr_path_join(g->folder, at);
        fr_names_add(paths, path);
        paths->failed |= path == NULL;
        free(path);
    }
    return paths->failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
}

static int32_t ask_names(git *g, const char *const *words, fr_names *paths, fractary_error *error)
{
    answer a;
    int32_t status = ask(g, words, &a, error);

    if (status == FRACTARY_OK && a.exit_code != 0)
        status = failed(&a, "say what has changed", error);
    else if (status == FRACTARY_OK && add_names(g, &a.out, paths) != FRACTARY_OK)
        status = fr_error_nomem(error);
    answer_finish(&a);
    return status;
}

/* From the top, so that modules beside the project's folder count as well. */
static int32_t find_changes(git *g, fr_git_changes *out, fractary_error *error)
{
    const char *const differ[] = {"diff",
                                  "--name-only",
                                  "-z",
                                  "--no-renames",
                                  "--no-ext-diff",
                                  "--no-textconv",
                                  "--ignore-submodules=none",
                                  out->commit,
                                  "--",
                                  NULL};
    static const char *const unknown[] = {"ls-files", "--others", "--exclude-standard", "-z", NULL};
    const int32_t status = ask_names(g, differ, &out->paths, error);

    return status == FRACTARY_OK ? ask_names(g, unknown, &out->paths, error) : status;
}

int32_t fr_git_changes_find(const char *folder, const char *since, fr_git_changes *out,
                            fractary_error *error)
{
    git g;
    char *top = NULL;
    int32_t status = git_init(&g, folder, error);

    *out = (fr_git_changes){0};
    if (status == FRACTARY_OK)
        status = find_top(&g, &top, error);
    if (status == FRACTARY_OK) {
        g.folder = top;
        status = since != NULL ? since_named(&g, since, out, error) : since_default(&g, out, error);
    }
    if (status == FRACTARY_OK)
        status = find_changes(&g, out, error);
    git_finish(&g);
    free(top);
    return status;
}

void fr_git_changes_finish(fr_git_changes *changes)
{
    free(changes->since);
    free(changes->commit);
    fr_names_finish(&changes->paths);
    *changes = (fr_git_changes){0};
}
