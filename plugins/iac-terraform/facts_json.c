#include "facts.h"

#include <fractary-plugin/hash.h>

/* Terraform's JSON syntax takes an object or an array of objects wherever a
 * block may be repeated. */
static void each_block(fr_tf_facts *facts, const fr_json *value,
                       void (*take)(fr_tf_facts *facts, const fr_json *block))
{
    if (fr_json_kind_of(value) == FR_JSON_OBJECT)
        take(facts, value);
    if (fr_json_kind_of(value) != FR_JSON_ARRAY)
        return;
    for (const fr_json *e = fr_json_first(value); e != NULL; e = fr_json_next(e))
        if (fr_json_kind_of(e) == FR_JSON_OBJECT)
            take(facts, e);
}

static void take_settings(fr_tf_facts *facts, const fr_json *block)
{
    fr_buf text = {0};
    fr_json_print(block, &text);
    fr_tf_fact(facts, "terraform %s", fr_buf_text(&text));
    fr_buf_finish(&text);
}

static void take_module(fr_tf_facts *facts, const char *name, const fr_json *block)
{
    const char *source = fr_json_get_string(block, "source");
    const char *version = fr_json_get_string(block, "version");
    fr_tf_fact_source(facts, name, source != NULL ? source : "");
    fr_tf_fact(facts, "module %s version %s", name, version != NULL ? version : "");
}

static void take_modules(fr_tf_facts *facts, const fr_json *block)
{
    for (const fr_json *m = fr_json_first(block); m != NULL; m = fr_json_next(m)) {
        const fr_json *body = fr_json_kind_of(m) == FR_JSON_ARRAY ? fr_json_first(m) : m;
        take_module(facts, fr_json_key(m), body);
    }
}

static void take_providers(fr_tf_facts *facts, const fr_json *block)
{
    for (const fr_json *p = fr_json_first(block); p != NULL; p = fr_json_next(p))
        fr_tf_fact(facts, "uses %s", fr_json_key(p));
}

static void take_resources(fr_tf_facts *facts, const fr_json *block)
{
    for (const fr_json *type = fr_json_first(block); type != NULL; type = fr_json_next(type)) {
        fr_tf_fact_type(facts, fr_json_key(type));
        for (const fr_json *r = fr_json_first(type); r != NULL; r = fr_json_next(r)) {
            const char *provider = fr_json_get_string(r, "provider");
            if (provider != NULL)
                fr_tf_fact(facts, "uses %s", provider);
        }
    }
}

static const struct {
    const char *key;
    void (*take)(fr_tf_facts *facts, const fr_json *block);
} blocks[] = {
    {"terraform", take_settings}, {"module", take_modules}, {"provider", take_providers},
    {"resource", take_resources}, {"data", take_resources}, {"ephemeral", take_resources},
};

void fr_tf_facts_json(fr_tf_facts *facts, const char *text, size_t length)
{
    fr_json *root = fr_json_parse(text, length, NULL);
    if (root == NULL) { /* the tool may be more lenient: then all of it counts */
        char digest[FR_SHA256_HEX];
        facts->failed |= fr_sha256_hex(text, length, digest) != FRACTARY_OK;
        fr_tf_fact(facts, "json %s", digest);
        return;
    }
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        each_block(facts, fr_json_get(root, blocks[i].key), blocks[i].take);
    fr_json_free(root);
}
