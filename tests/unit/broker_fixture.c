#include "unit/broker_fixture.h"

#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

static const char config_text[] =
    "{\"version\":1,\"project\":{\"name\":\"orders\"},"
    "\"handlers\":{\"hosting\":\"good-hosting\",\"iac\":\"good-iac\"},"
    "\"environments\":{"
    "\"test\":{\"class\":\"test\",\"account\":\"123456789012\","
    "\"identities\":{\"deploy\":{\"source\":\"environment\"}}},"
    "\"dev\":{\"class\":\"test\",\"account\":\"123456789012\","
    "\"identities\":{\"deploy\":{\"source\":\"environment\"}}}}}";

/* Keeps each record, and which purposes may be used while it is emitted. */
static void keep(void *context, const fr_json *record)
{
    static const char *const purposes[] = {"read", "deploy", "grant"};
    broker_fixture *f = context;
    fr_json *copy = fr_json_copy(record);
    fr_json *allowed = fr_json_array();

    for (size_t i = 0; i < sizeof purposes / sizeof *purposes; i++) {
        if (fr_gate_purpose(f->context.gate, purposes[i], NULL) == FRACTARY_OK)
            fr_json_add_string(allowed, purposes[i]);
    }
    fr_json_set(copy, "allowed", allowed);
    ck_assert_int_eq(fr_json_add(f->records, copy), FRACTARY_OK);
}

static int nobody_there(void *context)
{
    (void)context;
    return 0;
}

#define must(what) ck_assert_msg((what) == FRACTARY_OK, "%s: %s", f->error.message, f->error.cause)

static void make_config(broker_fixture *f, const char *patch)
{
    fr_json *tree = fixture_json(config_text);
    fr_json *changes = fixture_json(patch != NULL ? patch : "{}");

    must(fr_json_merge(tree, changes));
    fr_json_free(changes);
    must(fr_config_from_tree(f->folder, tree, &f->config, &f->error));
}

static void make_catalog(broker_fixture *f)
{
    char *mocks = fixture_mock("");
    const fr_catalog_place place = {"tree", mocks};

    must(fr_catalog_read(&place, 1, &f->catalog, &f->error));
    ck_assert_uint_ge(fr_catalog_count(f->catalog), 30);
    free(mocks);
}

void broker_fixture_init(broker_fixture *f, const char *patch)
{
    const fr_record_reader reader = {.context = f, .record = keep};

    memset(f, 0, sizeof *f);
    f->error.size = sizeof f->error;
    f->folder = fixture_folder();
    f->records = fr_json_array();
    make_config(f, patch);
    make_catalog(f);
    f->context = (fr_context){.version = "0.0.0",
                              .config = f->config,
                              .environment = "test",
                              .stack = "default",
                              .home = ""};
    must(fr_run_create(NULL, &f->context.run, &f->error));
    must(fr_gate_create(&f->context.gate));
    must(fr_records_create(&f->context, &reader, &f->context.records));
    must(fr_broker_create(&f->context, f->catalog, f->folder, &f->broker, &f->error));
    f->table = fr_broker_services(f->broker);
    f->context.broker = f->table;
    f->context.guard = (fr_guard_world){f->broker, fr_broker_authenticate};
    f->context.terminal.present = nobody_there;
}

void broker_fixture_finish(broker_fixture *f)
{
    fr_broker_destroy(f->broker);
    fr_records_destroy(f->context.records);
    fr_gate_destroy(f->context.gate);
    fr_run_destroy(f->context.run);
    fr_catalog_free(f->catalog);
    fr_config_free(f->config);
    fr_json_free(f->records);
    fixture_remove(f->folder);
}

int32_t broker_fixture_run(broker_fixture *f, const char *id, const char *command,
                           const char *options)
{
    fr_json *tree = fixture_json(options != NULL ? options : "{}");
    const int32_t status = fr_broker_run(f->broker, id, command, tree, &f->error);

    fr_json_free(tree);
    return status;
}

int32_t broker_fixture_ask(broker_fixture *f, const char *command, const char *options)
{
    fr_json *tree = fr_json_object();
    int32_t status;

    fr_json_set_string(tree, "skill", "good-skill");
    fr_json_set_string(tree, "command", command);
    if (options != NULL)
        fr_json_set_string(tree, "options", options);
    status = fr_broker_run(f->broker, "good-agent", "ask", tree, &f->error);
    fr_json_free(tree);
    return status;
}

size_t broker_fixture_count(const broker_fixture *f, const char *type)
{
    size_t count = 0;

    for (const fr_json *e = fr_json_first(f->records); e != NULL; e = fr_json_next(e))
        count += fr_str_equal(fr_json_get_string(e, "type"), type) ? 1 : 0;
    return count;
}

const fr_json *broker_fixture_record(const broker_fixture *f, const char *type)
{
    const fr_json *found = NULL;

    ck_assert_msg(broker_fixture_count(f, type) == 1, "%zu records of type %s",
                  broker_fixture_count(f, type), type);
    for (const fr_json *e = fr_json_first(f->records); e != NULL; e = fr_json_next(e)) {
        if (fr_str_equal(fr_json_get_string(e, "type"), type))
            found = e;
    }
    return found;
}

int broker_fixture_said(const broker_fixture *f, const char *type, const char *message)
{
    for (const fr_json *e = fr_json_first(f->records); e != NULL; e = fr_json_next(e)) {
        if (fr_str_equal(fr_json_get_string(e, "type"), type) &&
            fr_str_equal(fr_json_get_string(e, "message"), message))
            return 1;
    }
    return 0;
}
