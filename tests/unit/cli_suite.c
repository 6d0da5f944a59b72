#include "unit/cli_suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int cli_suite_run(const char *name, const TTest *const *tests, size_t count)
{
    Suite *suite = suite_create(name);
    TCase *all = tcase_create("all");

    suite_add_tcase(suite, all);
    for (size_t i = 0; i < count; i++)
        tcase_add_test(all, tests[i]);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

fr_json *cli_json(const char *text)
{
    fr_buf plain = {0};
    fr_json_fault fault = {0};

    for (; *text != '\0'; text++)
        fr_buf_putc(&plain, *text == '\'' ? '"' : *text);
    fr_json *value = fr_json_parse(fr_buf_text(&plain), plain.length, &fault);
    if (value == NULL)
        ck_abort_msg("%zu:%zu: %s in %s", fault.line, fault.column, fault.reason,
                     fr_buf_text(&plain));
    fr_buf_finish(&plain);
    return value;
}

int cli_has(const char *text, const char *part)
{
    if (strstr(text, part) != NULL)
        return 1;
    fprintf(stderr, "not found: %s\nin: %s\n", part, text);
    return 0;
}
