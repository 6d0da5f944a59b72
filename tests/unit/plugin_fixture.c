#include "unit/plugin_fixture.h"

#include "base/file.h"
#include "base/path.h"

#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>

const char fixture_manifest[] =
    "{\"manifest\":1,\"id\":\"hosting-acme\",\"version\":\"1.2.3\",\"abi\":\"1.0\","
    "\"kind\":\"hosting\",\"library\":\"acme.so\",\"provides\":[\"fractary.hosting/1\"],"
    "\"needs\":[\"fractary.http/1\",\"fractary.environ/1\"],\"files\":[\"~/.acme\"],"
    "\"environ\":[\"ACME_*\"],\"description\":\"The cloud of Acme\"}";

char *fixture_folder(void)
{
    const char *root = getenv("TMPDIR");
    char *folder = fr_path_join(root != NULL ? root : "/tmp", "fractary-XXXXXX");

    ck_assert_ptr_nonnull(folder);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    return folder;
}

void fixture_remove(char *folder)
{
    fractary_error error = FR_ERROR_INIT;

    ck_assert_msg(fr_file_remove_tree(folder, &error) == FRACTARY_OK, "%s", error.message);
    free(folder);
}

void fixture_write(const char *folder, const char *name, const char *text)
{
    fractary_error error = FR_ERROR_INIT;
    char *path = fr_path_join(folder, name);

    ck_assert_msg(fr_file_write(path, text, strlen(text), 0644, &error) == FRACTARY_OK, "%s: %s",
                  error.message, error.cause);
    free(path);
}

void fixture_plugin_text(const char *folder, const char *name, const char *manifest)
{
    char *own = fr_path_join(folder, name);

    fixture_write(own, "acme.so", "no library\n");
    fixture_write(own, "plugin.json", manifest);
    free(own);
}

void fixture_plugin(const char *folder, const char *name, const char *patch)
{
    fr_json *tree = fixture_json(fixture_manifest);
    fr_json *changes = fixture_json(patch != NULL ? patch : "{}");
    fr_buf text = {0};

    ck_assert_int_eq(fr_json_merge(tree, changes), FRACTARY_OK);
    ck_assert_int_eq(fr_json_print(tree, &text), FRACTARY_OK);
    fixture_plugin_text(folder, name, fr_buf_text(&text));
    fr_buf_finish(&text);
    fr_json_free(changes);
    fr_json_free(tree);
}

fr_json *fixture_json(const char *text)
{
    fr_json_fault fault = {0};
    fr_json *tree = fr_json_parse(text, strlen(text), &fault);

    ck_assert_msg(tree != NULL, "%zu:%zu: %s in %s", fault.line, fault.column, fault.reason, text);
    return tree;
}

char *fixture_mock(const char *name)
{
    const char *build = getenv("FRACTARY_BUILD");
    char *mock = fr_str_format("%s/tests/mocks/%s", build != NULL ? build : "build", name);

    ck_assert_ptr_nonnull(mock);
    return mock;
}

int fixture_run(Suite *suite)
{
    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
