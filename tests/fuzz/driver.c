/* Runs a fuzzer without libFuzzer: every file of the corpus as it is, then a
 * fixed number of mutations of them. The same seed gives the same run.
 *
 * usage: fuzz_NAME [-runs=N] [-seed=N] [--random RUNS SEED] [FILE|FOLDER|-]...
 *
 * "-" is the standard input. An input at which a sanitizer ends the program is
 * left in $FRACTARY_BUILD/fuzz-crash, or in fuzz-crash. */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define INPUT_MAX     65536
#define CORPUS_MAX    4096
#define MUTATIONS_MAX 4 /* more, and hardly an input stays well-formed */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Only there in a sanitized build. */
extern void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

typedef struct input {
    uint8_t *data;
    size_t size;
} input;

typedef struct corpus {
    input inputs[CORPUS_MAX];
    size_t count;
} corpus;

static void die(const char *what, const char *name)
{
    fprintf(stderr, "%s: %s: %s\n", name, what, strerror(errno));
    exit(2);
}

/* xorshift64*: good enough to mutate, and the same everywhere. */
static uint64_t next(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

static size_t below(uint64_t *state, size_t limit)
{
    return limit ? (size_t)(next(state) % limit) : 0;
}

static void add_stream(corpus *c, FILE *file, const char *path)
{
    if (c->count == CORPUS_MAX)
        die("one file too many", path);
    input *in = &c->inputs[c->count++];
    in->data = malloc(INPUT_MAX);
    if (!in->data)
        die("no memory", path);
    in->size = fread(in->data, 1, INPUT_MAX, file);
    if (ferror(file))
        die("cannot be read", path);
}

static void add_file(corpus *c, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        die("cannot be opened", path);
    add_stream(c, file, path);
    fclose(file);
}

static void add_path(corpus *c, const char *path)
{
    struct stat status;
    if (!strcmp(path, "-")) {
        add_stream(c, stdin, path);
        return;
    }
    if (stat(path, &status))
        die("cannot be found", path);
    if (!S_ISDIR(status.st_mode)) {
        add_file(c, path);
        return;
    }
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, alphasort);
    if (count < 0)
        die("cannot be listed", path);
    for (int i = 0; i < count; i++) {
        char child[4096];
        snprintf(child, sizeof child, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.')
            add_path(c, child);
        free(entries[i]);
    }
    free(entries);
}

static void flip(uint8_t *data, size_t *size, uint64_t *state)
{
    if (*size)
        data[below(state, *size)] ^= (uint8_t)(1u << below(state, 8));
}

static void overwrite(uint8_t *data, size_t *size, uint64_t *state)
{
    static const char interesting[] = "{}[]\",:\\/<>&=%#$.*-0123456789eE\n\t\0\x7f\xc3\xff";
    if (*size)
        data[below(state, *size)] = (uint8_t)interesting[below(state, sizeof interesting - 1)];
}

static void insert(uint8_t *data, size_t *size, uint64_t *state)
{
    if (*size == INPUT_MAX)
        return;
    size_t at = below(state, *size + 1);
    memmove(data + at + 1, data + at, *size - at);
    data[at] = (uint8_t)next(state);
    (*size)++;
}

static void cut(uint8_t *data, size_t *size, uint64_t *state)
{
    size_t at = below(state, *size);
    size_t length = below(state, *size - at + 1);
    memmove(data + at, data + at + length, *size - at - length);
    *size -= length;
}

static void repeat(uint8_t *data, size_t *size, uint64_t *state)
{
    size_t at = below(state, *size);
    size_t length = below(state, *size - at + 1);
    if (length > INPUT_MAX - *size)
        length = INPUT_MAX - *size;
    memmove(data + at + length, data + at, *size - at);
    *size += length;
}

static void mutate(uint8_t *data, size_t *size, uint64_t *state)
{
    static void (*const mutations[])(uint8_t *, size_t *, uint64_t *) = {flip, overwrite, insert,
                                                                         cut, repeat};
    for (size_t n = 1 + below(state, MUTATIONS_MAX); n > 0; n--)
        mutations[below(state, sizeof mutations / sizeof *mutations)](data, size, state);
}

/* What runs, for the death callback, which gets no argument. */
static input current;

static void keep_crash(void)
{
    const char *folder = getenv("FRACTARY_BUILD");
    char path[4096];
    snprintf(path, sizeof path, "%s/fuzz-crash", folder ? folder : ".");
    FILE *file = fopen(path, "wb");
    if (!file)
        return;
    fwrite(current.data, 1, current.size, file);
    fclose(file);
    fprintf(stderr, "the input of %zu bytes is in %s\n", current.size, path);
}

/* A copy of the exact size, so that reading past the end is seen. */
static void run(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy)
        die("no memory", "run");
    memcpy(copy, data, size);
    current = (input){copy, size};
    (void)LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static void run_mutations(const corpus *c, uint64_t runs, uint64_t seed)
{
    uint8_t *work = malloc(INPUT_MAX);
    if (!work)
        die("no memory", "mutations");
    uint64_t state = seed * 2 + 1; /* 0 would stay 0 */
    for (uint64_t i = 0; i < runs; i++) {
        const input *from = c->count ? &c->inputs[below(&state, c->count)] : NULL;
        size_t size = from ? from->size : 0;
        if (size)
            memcpy(work, from->data, size);
        mutate(work, &size, &state);
        run(work, size);
    }
    free(work);
}

static uint64_t number(const char *text)
{
    char *end;
    errno = 0;
    const uint64_t value = strtoull(text, &end, 10);
    if (end == text || *end)
        errno = EINVAL;
    if (errno)
        die("is no number", text);
    return value;
}

int main(int argc, char **argv)
{
    static corpus c;
    uint64_t runs = 1000;
    uint64_t seed = 1;
    if (__sanitizer_set_death_callback)
        __sanitizer_set_death_callback(keep_crash);
    for (int i = 1; i < argc; i++) {
        if (!strncmp(argv[i], "-runs=", 6)) {
            runs = number(argv[i] + 6);
        } else if (!strncmp(argv[i], "-seed=", 6)) {
            seed = number(argv[i] + 6);
        } else if (!strcmp(argv[i], "--random")) {
            runs = number(i + 1 < argc ? argv[i + 1] : "");
            seed = number(i + 2 < argc ? argv[i + 2] : "");
            i += 2;
        } else {
            add_path(&c, argv[i]);
        }
    }
    for (size_t i = 0; i < c.count; i++)
        run(c.inputs[i].data, c.inputs[i].size);
    run_mutations(&c, runs, seed);
    for (size_t i = 0; i < c.count; i++)
        free(c.inputs[i].data);
    printf("%zu inputs and %llu mutations of them\n", c.count, (unsigned long long)runs);
    return 0;
}
