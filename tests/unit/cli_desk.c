#include "unit/cli_desk.h"

#include "unit/cli_suite.h"
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

const fr_report_options desk_plain = {0, 0, 0};
const fr_report_options desk_quiet = {0, 1, 0};
const fr_report_options desk_json = {1, 0, 0};

void desk_open(desk *d, const fr_report_options *options)
{
    fractary_error error = FR_ERROR_INIT;

    memset(d, 0, sizeof *d);
    d->terminal.in = -1;
    d->terminal.out = memfd_create("out", MFD_CLOEXEC);
    d->terminal.err = memfd_create("err", MFD_CLOEXEC);
    ck_assert_int_ge(d->terminal.out, 0);
    ck_assert_int_ge(d->terminal.err, 0);
    d->terminal.out_style.unicode = d->terminal.err_style.unicode = 1;
    ck_assert_int_eq(fr_report_create(&d->terminal, options, &d->report, &error), FRACTARY_OK);
}

void desk_close(desk *d)
{
    fr_report_destroy(d->report);
    close(d->terminal.out);
    close(d->terminal.err);
}

void desk_say(const desk *d, const char *text)
{
    fr_json *record = cli_json(text);

    fr_report_record(d->report, record);
    fr_json_free(record);
}

char *desk_written(int descriptor)
{
    fr_buf text = {0};
    char piece[4096];
    ssize_t got;

    while ((got = pread(descriptor, piece, sizeof piece, (off_t)text.length)) > 0)
        fr_buf_append(&text, piece, (size_t)got);
    return fr_buf_steal(&text);
}

void desk_expect(int descriptor, const char *expected)
{
    char *text = desk_written(descriptor);

    ck_assert_msg(strcmp(text, expected) == 0, "found:\n%s\nexpected:\n%s", text, expected);
    free(text);
}
