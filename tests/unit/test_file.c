#include "base/file.h"

#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Each test works in a folder of its own, made in the test's own process. */
static char root[512];

static void enter(void)
{
    const char *folder = getenv("TMPDIR");

    snprintf(root, sizeof root, "%s/fractary-file-XXXXXX", folder != NULL ? folder : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(root));
    ck_assert_int_eq(chdir(root), 0);
}

static void leave(void)
{
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(fr_file_remove_tree(root, NULL), FRACTARY_OK);
    ck_assert(!fr_file_exists(root));
}

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(text, file), 0);
    ck_assert_int_eq(fclose(file), 0);
}

static void expect_content(const char *path, const char *wanted)
{
    fr_buf content = {0};

    ck_assert_int_eq(fr_file_read(path, 1 << 20, &content, NULL), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&content), wanted);
    fr_buf_finish(&content);
}

static int32_t append_name(void *context, const char *name, unsigned char kind)
{
    return fr_buf_printf(context, "%s%s ", name,
                         kind == DT_DIR   ? "/"
                         : kind == DT_LNK ? "@"
                         : kind == DT_REG ? ""
                                          : "?");
}

static void expect_entries(const char *folder, const char *wanted)
{
    fr_buf names = {0};

    ck_assert_int_eq(fr_file_list(folder, 100, append_name, &names, NULL), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&names), wanted);
    fr_buf_finish(&names);
}

static void expect_error(const fractary_error *error, int32_t status, const char *message,
                         const char *cause)
{
    ck_assert_int_eq(error->status, status);
    ck_assert_str_eq(error->message, message);
    ck_assert_msg(strstr(error->cause, cause) != NULL, "%s", error->cause);
}

/* ------------------------------------------------------------------ reading */

START_TEST(read_appends)
{
    fr_buf out = {0};

    put("a", "text\n");
    fr_buf_puts(&out, "before ");
    ck_assert_int_eq(fr_file_read("a", 5, &out, NULL), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&out), "before text\n");
    put("empty", "");
    ck_assert_int_eq(fr_file_read("empty", 0, &out, NULL), FRACTARY_OK);
    ck_assert_str_eq(fr_buf_text(&out), "before text\n");
    fr_buf_finish(&out);
}
END_TEST

START_TEST(read_refuses)
{
    fr_buf out = {0};
    fractary_error error = FR_ERROR_INIT;

    ck_assert_int_eq(fr_file_read("none", 10, &out, &error), FRACTARY_E_NOTFOUND);
    expect_error(&error, FRACTARY_E_NOTFOUND, "cannot read none", "No such file");
    ck_assert_str_eq(error.place, "none");
    put("a", "123456");
    ck_assert_int_eq(fr_file_read("a/b", 10, &out, &error), FRACTARY_E_NOTFOUND);
    ck_assert_int_eq(fr_file_read("a", 5, &out, &error), FRACTARY_E_LIMIT);
    expect_error(&error, FRACTARY_E_LIMIT, "a is too large to be read", "at most 5 bytes");
    ck_assert_int_eq(fr_file_read(".", 5, &out, &error), FRACTARY_E_IO);
    expect_error(&error, FRACTARY_E_IO, "cannot read .", "it is a folder");
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    ck_assert_int_eq(fr_file_read("pipe", 5, &out, &error), FRACTARY_E_IO); /* does not wait */
    expect_error(&error, FRACTARY_E_IO, "cannot read pipe", "a device or a pipe");
    ck_assert_int_eq(symlink("circle", "circle"), 0);
    ck_assert_int_eq(fr_file_read("circle", 5, &out, &error), FRACTARY_E_IO);
    ck_assert_str_ne(error.advice, "");
    ck_assert_uint_eq(out.length, 0);
    fr_buf_finish(&out);
}
END_TEST

/* A file of /proc says that it has no bytes, and has some. */
START_TEST(read_believes_no_size)
{
    fr_buf out = {0};
    fractary_error error = FR_ERROR_INIT;

    ck_assert_int_eq(fr_file_read("/proc/self/status", 1 << 20, &out, &error), FRACTARY_OK);
    ck_assert_ptr_nonnull(strstr(fr_buf_text(&out), "Pid:"));
    fr_buf_clear(&out);
    fr_buf_puts(&out, "kept");
    ck_assert_int_eq(fr_file_read("/proc/self/status", 10, &out, &error), FRACTARY_E_LIMIT);
    ck_assert_str_eq(fr_buf_text(&out), "kept");
    fr_buf_finish(&out);
}
END_TEST

/* ------------------------------------------------------------------ writing */

START_TEST(write_replaces_whole)
{
    struct stat status;

    umask(077);
    ck_assert_int_eq(fr_file_write("a/b/c", "one", 3, 0644, NULL), FRACTARY_OK);
    expect_content("a/b/c", "one");
    ck_assert_int_eq(stat("a/b/c", &status), 0);
    ck_assert_uint_eq(status.st_mode & 07777, 0644); /* in spite of the umask */
    ck_assert_int_eq(fr_file_write("a/b/c", "", 0, 0600, NULL), FRACTARY_OK);
    expect_content("a/b/c", "");
    ck_assert_int_eq(stat("a/b/c", &status), 0);
    ck_assert_uint_eq(status.st_mode & 07777, 0600);
    expect_entries("a/b", "c ");
}
END_TEST

START_TEST(write_replaces_links_and_keeps_readers)
{
    put("target", "target");
    ck_assert_int_eq(symlink("target", "link"), 0);
    ck_assert_int_eq(fr_file_write("link", "new", 3, 0644, NULL), FRACTARY_OK);
    expect_content("target", "target");
    expect_content("link", "new");

    char text[16] = {0};
    const int reader = open("target", O_RDONLY);
    ck_assert_int_eq(fr_file_write("target", "changed", 7, 0644, NULL), FRACTARY_OK);
    ck_assert_int_eq(read(reader, text, sizeof text), 6); /* who has it open reads on */
    ck_assert_str_eq(text, "target");
    close(reader);
}
END_TEST

START_TEST(write_to_the_longest_name)
{
    char name[256];

    memset(name, 'n', 255);
    name[255] = '\0';
    ck_assert_int_eq(fr_file_write(name, "x", 1, 0600, NULL), FRACTARY_OK);
    expect_content(name, "x");
}
END_TEST

START_TEST(write_refuses_and_leaves_nothing)
{
    fractary_error error = FR_ERROR_INIT;

    put("file", "old");
    ck_assert_int_eq(mkdir("folder", 0755), 0);
    ck_assert_int_eq(fr_file_write("folder", "x", 1, 0600, &error), FRACTARY_E_IO);
    expect_error(&error, FRACTARY_E_IO, "cannot write folder", "directory");
    ck_assert_int_eq(fr_file_write("file/x", "x", 1, 0600, &error), FRACTARY_E_NOTFOUND);
    ck_assert_int_eq(fr_file_write("/proc/none/x", "x", 1, 0600, &error), FRACTARY_E_NOTFOUND);
    expect_entries(".", "file folder/ ");
    expect_content("file", "old");
}
END_TEST

/* The kernel takes the first 4096 bytes and refuses the rest: a disk that
 * fills up in the middle of a write. */
static void allow_small_files_only(void)
{
    const struct rlimit small = {4096, 4096};

    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
}

START_TEST(write_that_fails_in_the_middle)
{
    fractary_error error = FR_ERROR_INIT;
    char large[10000];

    put("registry.json", "the old content");
    memset(large, 'x', sizeof large);
    allow_small_files_only();
    ck_assert_int_eq(fr_file_write("registry.json", large, sizeof large, 0644, &error),
                     FRACTARY_E_IO);
    expect_error(&error, FRACTARY_E_IO, "cannot write registry.json", "File too large");
    ck_assert_ptr_nonnull(strstr(error.advice, "ulimit"));
    expect_content("registry.json", "the old content");
    expect_entries(".", "registry.json ");
    ck_assert_int_eq(fr_file_write("registry.json", large, 4096, 0644, &error), FRACTARY_OK);
}
END_TEST

START_TEST(append_that_fails_in_the_middle)
{
    fractary_error error = FR_ERROR_INIT;
    char large[10000];

    put("log", "first\n");
    memset(large, 'x', sizeof large);
    allow_small_files_only();
    ck_assert_int_eq(fr_file_append("log", large, sizeof large, 0644, &error), FRACTARY_E_IO);
    expect_error(&error, FRACTARY_E_IO, "cannot append to log", "File too large");
    expect_content("log", "first\n");
    ck_assert_int_eq(fr_file_append("log", "second\n", 7, 0644, &error), FRACTARY_OK);
    expect_content("log", "first\nsecond\n");
}
END_TEST

static int write_text(const char *path, const char *text)
{
    const int descriptor = open(path, O_WRONLY);
    const ssize_t length = (ssize_t)strlen(text);
    const int done = descriptor >= 0 && write(descriptor, text, (size_t)length) == length;

    close(descriptor);
    return done;
}

/* Root in a world of its own, where mounting is allowed; zero when the system
 * does not let us. */
static int become_root(void)
{
    char users[32];
    char groups[32];

    if (geteuid() == 0)
        return unshare(CLONE_NEWNS) == 0;
    snprintf(users, sizeof users, "0 %u 1\n", geteuid());
    snprintf(groups, sizeof groups, "0 %u 1\n", getegid());
    return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
           write_text("/proc/self/setgroups", "deny") && write_text("/proc/self/uid_map", users) &&
           write_text("/proc/self/gid_map", groups);
}

/* A file system of our own at `folder`, seen by this process alone; zero when
 * the system does not let us. */
static int mount_small(const char *folder)
{
    if (!become_root())
        return 0;
    return mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("none", folder, "tmpfs", 0, "size=64k,mode=1777") == 0;
}

START_TEST(full_disk)
{
    fractary_error error = FR_ERROR_INIT;
    static char large[100000];

    ck_assert_int_eq(mkdir("disk", 0755), 0);
    if (!mount_small("disk")) {
        printf("SKIP: file.full_disk: this system lets us mount nothing\n");
        return;
    }
    memset(large, 'x', sizeof large);
    ck_assert_int_eq(fr_file_write("disk/registry.json", "old", 3, 0644, &error), FRACTARY_OK);
    ck_assert_int_eq(fr_file_write("disk/registry.json", large, sizeof large, 0644, &error),
                     FRACTARY_E_IO);
    expect_error(&error, FRACTARY_E_IO, "cannot write disk/registry.json", "No space left");
    ck_assert_ptr_nonnull(strstr(error.advice, "free some space"));
    expect_content("disk/registry.json", "old");
    ck_assert_int_eq(fr_file_append("disk/registry.json", large, sizeof large, 0644, &error),
                     FRACTARY_E_IO);
    expect_content("disk/registry.json", "old");
    expect_entries("disk", "registry.json ");
    ck_assert_int_eq(umount("disk"), 0);
}
END_TEST

START_TEST(remove_leaves_other_file_systems_alone)
{
    fractary_error error = FR_ERROR_INIT;

    ck_assert_int_eq(fr_file_make_folders("tree/disk", 0755, NULL), FRACTARY_OK);
    if (!mount_small("tree/disk")) {
        printf("SKIP: file.remove_leaves_other_file_systems_alone: this system lets us mount "
               "nothing\n");
        return;
    }
    put("tree/disk/file", "kept");
    ck_assert_int_eq(fr_file_remove_tree("tree", &error), FRACTARY_E_IO);
    expect_error(&error, FRACTARY_E_IO, "cannot remove tree", "disk: another file system");
    expect_content("tree/disk/file", "kept");
    ck_assert_int_eq(umount("tree/disk"), 0);
}
END_TEST

/* ---------------------------------------------------------------- appending */

START_TEST(append_makes_and_continues)
{
    struct stat status;

    umask(022);
    ck_assert_int_eq(fr_file_append("a/log", "one\n", 4, 0666, NULL), FRACTARY_OK);
    ck_assert_int_eq(fr_file_append("a/log", "two\n", 4, 0666, NULL), FRACTARY_OK);
    expect_content("a/log", "one\ntwo\n");
    ck_assert_int_eq(stat("a/log", &status), 0);
    ck_assert_uint_eq(status.st_mode & 07777, 0644);
}
END_TEST

START_TEST(append_ends_a_line_that_a_crash_cut)
{
    put("log", "one\n{\"cut");
    ck_assert_int_eq(fr_file_append("log", "two\n", 4, 0644, NULL), FRACTARY_OK);
    expect_content("log", "one\n{\"cut\ntwo\n");
}
END_TEST

START_TEST(append_refuses)
{
    fractary_error error = FR_ERROR_INIT;

    ck_assert_int_eq(mkdir("folder", 0755), 0);
    ck_assert_int_eq(fr_file_append("folder", "x\n", 2, 0644, &error), FRACTARY_E_IO);
    expect_error(&error, FRACTARY_E_IO, "cannot append to folder", "directory");
    ck_assert_int_eq(fr_file_append("/dev/full", "x\n", 2, 0644, &error), FRACTARY_E_IO);
    expect_error(&error, FRACTARY_E_IO, "cannot append to /dev/full", "No space left");
}
END_TEST

#define WRITERS 4
#define LINES   50

/* Lines of different lengths, from several processes at once. */
static void append_lines(int writer)
{
    char line[2000];

    for (int i = 0; i < LINES; i++) {
        const int width = 10 + (i * 37 + writer * 211) % 1900;
        const int length = snprintf(line, sizeof line, "%d %d %0*d\n", writer, i, width, 0);
        if (fr_file_append("log", line, (size_t)length, 0644, NULL) != FRACTARY_OK)
            _exit(1);
    }
    _exit(0);
}

START_TEST(append_from_many_processes)
{
    FILE *file;
    char line[4000];
    int next[WRITERS] = {0};
    int status;

    for (int writer = 0; writer < WRITERS; writer++) {
        if (fork() == 0)
            append_lines(writer);
    }
    while (wait(&status) > 0)
        ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    file = fopen("log", "r");
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file) != NULL) {
        int writer = -1;
        int number = -1;
        ck_assert_int_eq(sscanf(line, "%d %d 0", &writer, &number), 2);
        ck_assert(writer >= 0 && writer < WRITERS);
        ck_assert_int_eq(number, next[writer]++);
        const size_t width = (size_t)(10 + (number * 37 + writer * 211) % 1900);
        ck_assert_uint_eq(strspn(strrchr(line, ' ') + 1, "0"), width);
    }
    fclose(file);
    for (int writer = 0; writer < WRITERS; writer++)
        ck_assert_int_eq(next[writer], LINES);
}
END_TEST

static volatile sig_atomic_t alarms;

static void count_alarm(int number)
{
    (void)number;
    alarms++;
}

/* The lock is given back only after a while, and signals come meanwhile. */
START_TEST(append_waits_for_the_lock)
{
    int ready[2];

    put("log", "");
    ck_assert_int_eq(pipe(ready), 0);
    const pid_t holder = fork();
    if (holder == 0) {
        const int descriptor = open("log", O_RDWR | O_APPEND);
        if (flock(descriptor, LOCK_EX) != 0 || write(ready[1], "x", 1) != 1)
            _exit(1);
        usleep(200000);
        _exit(write(descriptor, "holder\n", 7) == 7 ? 0 : 1);
    }
    char byte;
    ck_assert_int_eq(read(ready[0], &byte, 1), 1);
    const struct sigaction action = {.sa_handler = count_alarm};
    ck_assert_int_eq(sigaction(SIGALRM, &action, NULL), 0);
    ualarm(20000, 20000);
    ck_assert_int_eq(fr_file_append("log", "waiter\n", 7, 0644, NULL), FRACTARY_OK);
    ualarm(0, 0);
    ck_assert_int_gt(alarms, 0);
    int status;
    ck_assert_int_eq(waitpid(holder, &status, 0), holder);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    expect_content("log", "holder\nwaiter\n");
}
END_TEST

START_TEST(append_does_not_wait_for_ever)
{
    fractary_error error = FR_ERROR_INIT;

    put("log", "old\n");
    const int descriptor = open("log", O_RDWR);
    ck_assert_int_eq(flock(descriptor, LOCK_EX), 0);
    ck_assert_int_eq(fr_file_append("log", "new\n", 4, 0644, &error), FRACTARY_E_BUSY);
    expect_error(&error, FRACTARY_E_BUSY, "cannot append to log", "ten seconds");
    expect_content("log", "old\n");
    close(descriptor);
}
END_TEST

/* ------------------------------------------------------------------ folders */

START_TEST(make_folders)
{
    fractary_error error = FR_ERROR_INIT;
    struct stat status;
    char absolute[600];

    umask(0);
    ck_assert_int_eq(fr_file_make_folders("a/b//c/", 0750, &error), FRACTARY_OK);
    ck_assert_int_eq(stat("a/b/c", &status), 0);
    ck_assert(S_ISDIR(status.st_mode));
    ck_assert_uint_eq(status.st_mode & 07777, 0750);
    ck_assert_int_eq(fr_file_make_folders("a/b/c", 0700, &error), FRACTARY_OK);
    ck_assert_int_eq(symlink("b", "a/link"), 0);
    ck_assert_int_eq(fr_file_make_folders("a/link/d", 0700, &error), FRACTARY_OK);
    ck_assert(fr_file_is_folder("a/b/d"));
    snprintf(absolute, sizeof absolute, "%s/x/y", root);
    ck_assert_int_eq(fr_file_make_folders(absolute, 0700, &error), FRACTARY_OK);
    ck_assert(fr_file_is_folder("x/y"));
    ck_assert_int_eq(fr_file_make_folders("/", 0700, &error), FRACTARY_OK);
    put("file", "");
    ck_assert_int_eq(fr_file_make_folders("file", 0700, &error), FRACTARY_E_NOTFOUND);
    ck_assert_int_eq(fr_file_make_folders("file/x", 0700, &error), FRACTARY_E_NOTFOUND);
    ck_assert_str_eq(error.message, "cannot make the folder file");
}
END_TEST

START_TEST(exists_and_is_folder)
{
    put("file", "");
    ck_assert_int_eq(symlink("none", "dangling"), 0);
    ck_assert(fr_file_exists("file") && fr_file_exists("."));
    ck_assert(!fr_file_exists("none") && !fr_file_exists("dangling"));
    ck_assert(fr_file_is_folder(".") && !fr_file_is_folder("file") && !fr_file_is_folder("none"));
}
END_TEST

START_TEST(remove_tree_follows_no_link)
{
    fractary_error error = FR_ERROR_INIT;

    ck_assert_int_eq(fr_file_make_folders("keep/deep", 0755, NULL), FRACTARY_OK);
    put("keep/file", "kept");
    ck_assert_int_eq(fr_file_make_folders("tree/a/b", 0755, NULL), FRACTARY_OK);
    put("tree/a/b/file", "x");
    put("tree/.hidden", "x");
    ck_assert_int_eq(mkfifo("tree/pipe", 0600), 0);
    ck_assert_int_eq(symlink("../keep", "tree/link"), 0);
    ck_assert_int_eq(symlink("keep", "top-link"), 0);

    ck_assert_int_eq(fr_file_remove_tree("tree/", &error), FRACTARY_OK);
    ck_assert(!fr_file_exists("tree"));
    expect_content("keep/file", "kept");
    ck_assert_int_eq(fr_file_remove_tree("top-link/", &error), FRACTARY_OK);
    expect_entries(".", "keep/ ");
    expect_entries("keep", "deep/ file ");
    ck_assert_int_eq(fr_file_remove_tree("keep/file", &error), FRACTARY_OK);
    ck_assert_int_eq(fr_file_remove_tree("none", &error), FRACTARY_OK);
    ck_assert_int_eq(fr_file_remove_tree("none/deeper", &error), FRACTARY_OK);
}
END_TEST

START_TEST(remove_tree_refuses)
{
    static const char *const paths[] = {"", "/", "//", ".", "..", "a/..", "a/."};
    fractary_error error = FR_ERROR_INIT;

    ck_assert_int_eq(mkdir("a", 0755), 0);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        ck_assert_msg(fr_file_remove_tree(paths[i], &error) == FRACTARY_E_INVALID, "%s", paths[i]);
    ck_assert(fr_file_is_folder("a"));
    ck_assert_int_lt(fr_file_remove_tree("/proc/self/status", &error), 0);
    ck_assert_str_eq(error.message, "cannot remove /proc/self/status");
}
END_TEST

START_TEST(remove_tree_is_bounded)
{
    fractary_error error = FR_ERROR_INIT;

    ck_assert_int_eq(mkdir("tree", 0755) | chdir("tree"), 0);
    for (int i = 0; i < 200; i++)
        ck_assert_int_eq(mkdir("d", 0755) | chdir("d"), 0);
    ck_assert_int_eq(chdir(root), 0);
    ck_assert_int_eq(fr_file_remove_tree("tree", &error), FRACTARY_E_LIMIT);
    for (int i = 0; i < 100; i++)
        ck_assert_int_eq(chdir(i == 0 ? "tree/d" : "d"), 0);
    ck_assert_int_eq(fr_file_remove_tree("d", &error), FRACTARY_OK);
    ck_assert_int_eq(chdir(root), 0);
    ck_assert_int_eq(fr_file_remove_tree("tree", &error), FRACTARY_OK);
}
END_TEST

static int32_t stop_at_b(void *context, const char *name, unsigned char kind)
{
    (void)kind;
    fr_buf_puts(context, name);
    return strcmp(name, "b") == 0 ? 42 : 0;
}

START_TEST(list_is_sorted_and_bounded)
{
    fractary_error error = FR_ERROR_INIT;
    fr_buf names = {0};

    ck_assert_int_eq(mkdir("f", 0755), 0);
    put("f/b", "");
    put("f/B", "");
    put("f/\xC3\xA9", "");
    put("f/.hidden", "");
    ck_assert_int_eq(mkdir("f/a", 0755), 0);
    ck_assert_int_eq(symlink("a", "f/c"), 0);
    expect_entries("f", ".hidden B a/ b c@ \xC3\xA9 ");

    ck_assert_int_eq(fr_file_list("f", 6, stop_at_b, &names, &error), 42);
    ck_assert_str_eq(fr_buf_text(&names), ".hiddenBab");
    fr_buf_clear(&names);
    ck_assert_int_eq(fr_file_list("f", 5, append_name, &names, &error), FRACTARY_E_LIMIT);
    ck_assert_uint_eq(names.length, 0);
    ck_assert_int_eq(fr_file_list("none", 5, append_name, &names, &error), FRACTARY_E_NOTFOUND);
    ck_assert_int_eq(fr_file_list("f/b", 5, append_name, &names, &error), FRACTARY_E_NOTFOUND);
    expect_error(&error, FRACTARY_E_NOTFOUND, "cannot list f/b", "Not a directory");
    fr_buf_finish(&names);
}
END_TEST

/* ------------------------------------------------------------- descriptors */

/* A pipe takes 64 KiB at a time and the reader is slow, so that writes are
 * short; a timer interrupts them. */
START_TEST(write_all_through_short_writes)
{
    enum { TOTAL = 1 << 20 };
    int ends[2];
    char *data = malloc(TOTAL);
    const struct sigaction action = {.sa_handler = count_alarm};

    memset(data, 'x', TOTAL);
    ck_assert_int_eq(pipe(ends), 0);
    const pid_t reader = fork();
    if (reader == 0) {
        char piece[5000];
        size_t total = 0;
        ssize_t got;
        close(ends[1]);
        while ((got = read(ends[0], piece, sizeof piece)) > 0) {
            total += (size_t)got;
            usleep(100);
        }
        _exit(total == TOTAL ? 0 : 1);
    }
    close(ends[0]);
    ck_assert_int_eq(sigaction(SIGALRM, &action, NULL), 0);
    ualarm(1000, 1000);
    ck_assert_int_eq(fr_file_write_all(ends[1], data, TOTAL), FRACTARY_OK);
    ualarm(0, 0);
    close(ends[1]);
    int status;
    ck_assert_int_eq(waitpid(reader, &status, 0), reader);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    free(data);
}
END_TEST

START_TEST(write_all_refused)
{
    const int full = open("/dev/full", O_WRONLY);

    ck_assert_int_eq(fr_file_write_all(full, "x", 1), FRACTARY_E_IO);
    ck_assert_int_eq(errno, ENOSPC);
    ck_assert_int_eq(fr_file_write_all(full, NULL, 0), FRACTARY_OK);
    close(full);
    ck_assert_int_eq(fr_file_write_all(full, "x", 1), FRACTARY_E_IO);
    ck_assert_int_eq(errno, EBADF);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("file");
    TCase *all = tcase_create("all");

    suite_add_tcase(suite, all);
    tcase_add_checked_fixture(all, enter, leave);
    tcase_set_timeout(all, 60);
    tcase_add_test(all, read_appends);
    tcase_add_test(all, read_refuses);
    tcase_add_test(all, read_believes_no_size);
    tcase_add_test(all, write_replaces_whole);
    tcase_add_test(all, write_replaces_links_and_keeps_readers);
    tcase_add_test(all, write_to_the_longest_name);
    tcase_add_test(all, write_refuses_and_leaves_nothing);
    tcase_add_test(all, write_that_fails_in_the_middle);
    tcase_add_test(all, append_that_fails_in_the_middle);
    tcase_add_test(all, full_disk);
    tcase_add_test(all, remove_leaves_other_file_systems_alone);
    tcase_add_test(all, append_makes_and_continues);
    tcase_add_test(all, append_ends_a_line_that_a_crash_cut);
    tcase_add_test(all, append_refuses);
    tcase_add_test(all, append_from_many_processes);
    tcase_add_test(all, append_waits_for_the_lock);
    tcase_add_test(all, append_does_not_wait_for_ever);
    tcase_add_test(all, make_folders);
    tcase_add_test(all, exists_and_is_folder);
    tcase_add_test(all, remove_tree_follows_no_link);
    tcase_add_test(all, remove_tree_refuses);
    tcase_add_test(all, remove_tree_is_bounded);
    tcase_add_test(all, list_is_sorted_and_bounded);
    tcase_add_test(all, write_all_through_short_writes);
    tcase_add_test(all, write_all_refused);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
