/* Runs a fuzzer without libFuzzer: every file of the corpus as it is, then a
 * fixed number of mutations of them. The same seed gives the same run.
 *
 * usage: fuzz_NAME [-runs=N] [-seed=N] [FILE|FOLDER]... */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define INPUT_MAX     65536
#define CORPUS_MAX    4096
#define MUTATIONS_MAX 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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

static void add_file(corpus *c, const char *path)
{
    if (c->count == CORPUS_MAX)
        return;
    FILE *file = fopen(path, "rb");
    if (!file)
        die("cannot be opened", path);
    input *in = &c->inputs[c->count++];
    in->data = malloc(INPUT_MAX);
    if (!in->data)
        die("no memory", path);
    in->size = fread(in->data, 1, INPUT_MAX, file);
    if (ferror(file) || fclose(file))
        die("cannot be read", path);
}

static void add_path(corpus *c, const char *path)
{
    struct stat status;
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

/* A copy of the exact size, so that reading past the end is seen. */
static void run(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    if (!copy)
        die("no memory", "run");
    memcpy(copy, data, size);
    (void)LLVMFuzzerTestOneInput(copy, size);
    free(copy);
}

static void run_mutations(const corpus *c, uint64_t runs, uint64_t seed)
{
    uint8_t *work = malloc(INPUT_MAX);
    if (!work)
        die("no memory", "mutations");
    uint64_t state = seed;
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

int main(int argc, char **argv)
{
    static corpus c;
    uint64_t runs = 1000;
    uint64_t seed = 1;
    for (int i = 1; i < argc; i++) {
        if (!strncmp(argv[i], "-runs=", 6))
            runs = strtoull(argv[i] + 6, NULL, 10);
        else if (!strncmp(argv[i], "-seed=", 6))
            seed = strtoull(argv[i] + 6, NULL, 10) | 1;
        else
            add_path(&c, argv[i]);
    }
    for (size_t i = 0; i < c.count; i++)
        run(c.inputs[i].data, c.inputs[i].size);
    run_mutations(&c, runs, seed);
    for (size_t i = 0; i < c.count; i++)
        free(c.inputs[i].data);
    printf("%zu inputs and %llu mutations of them\n", c.count, (unsigned long long)runs);
    return 0;
}
