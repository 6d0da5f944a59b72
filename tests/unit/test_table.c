/* Tables that fit the width. */
#include "cli/table.h"
#include "unit/cli_suite.h"

#include <fractary-plugin/str.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const fr_table_column columns[] = {
    {"ADDRESS", 8, 0, 1},
    {"TYPE", 6, 2, 0},
    {"STATUS", 6, 0, 0},
    {"NOTE", 4, 1, 0},
};

static const fr_table_cell cells[][4] = {
    {{"aws_s3_bucket.data", FR_TONE_PLAIN},
     {"aws_s3_bucket", FR_TONE_PLAIN},
     {"verified", FR_TONE_GREEN},
     {"", FR_TONE_PLAIN}},
    {{"left.out_because_it_is_not_asked_for", FR_TONE_PLAIN}},
    {{"aws_sqs_queue.q", FR_TONE_PLAIN},
     {NULL, FR_TONE_PLAIN},
     {"missing", FR_TONE_RED},
     {"gone\nnow", FR_TONE_PLAIN}},
};

/* Four cells a row, from the context; a row without a status is left out. */
static int fill_row(const void *context, size_t index, fr_table_cell *row)
{
    const fr_table_cell *cell = (const fr_table_cell *)context + 4 * index;

    memcpy(row, cell, 4 * sizeof *cell);
    return row[2].text != NULL;
}

static void print_rows(const void *rows, size_t count, const fr_style *style, fr_buf *out)
{
    const fr_table table = {columns, 4, count, rows, fill_row};

    ck_assert_int_eq(fr_table_print(&table, style, out), FRACTARY_OK);
}

static char *print(size_t width, int colour)
{
    const fr_style style = {colour, 0, width};
    fr_buf out = {0};

    print_rows(cells, sizeof cells / sizeof *cells, &style, &out);
    return fr_buf_steal(&out);
}

static size_t longest_line(const char *text)
{
    size_t longest = 0;

    while (*text != '\0') {
        const size_t length = strcspn(text, "\n");
        longest = length > longest ? length : longest;
        text += length + (text[length] == '\n');
    }
    return longest;
}

START_TEST(wide_tables_show_everything)
{
    char *text = print(0, 0);

    ck_assert_str_eq(text, "ADDRESS             TYPE           STATUS    NOTE\n"
                           "aws_s3_bucket.data  aws_s3_bucket  verified\n"
                           "aws_sqs_queue.q                    missing   gone now\n");
    free(text);
}
END_TEST

START_TEST(narrow_tables_shrink_then_drop)
{
    static const struct {
        size_t width;
        const char *text;
    } rows[] = {
        {48, "ADDRESS             TYPE       STATUS    NOTE\n"
             "aws_s3_bucket.data  aws_s3_..  verified\n"
             "aws_sqs_queue.q                missing   gone ..\n"},
        {38, "ADDRESS             STATUS    NOTE\n"
             "aws_s3_bucket.data  verified\n"
             "aws_sqs_queue.q     missing   gone now\n"},
        {30, "ADDRESS             STATUS\n"
             "aws_s3_bucket.data  verified\n"
             "aws_sqs_queue.q     missing\n"},
        {22, "ADDRESS       STATUS\n"
             "..ucket.data  verified\n"
             "..qs_queue.q  missing\n"},
        {16, "ADDRESS   STATUS\n"
             "..t.data  veri..\n"
             "..ueue.q  miss..\n"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = print(rows[i].width, 0);
        ck_assert_msg(strcmp(text, rows[i].text) == 0, "%zu:\n%s", rows[i].width, text);
        free(text);
    }
}
END_TEST

/* Every width from the least on is kept to. */
START_TEST(no_line_is_wider_than_asked)
{
    for (size_t width = 16; width < 70; width++) {
        char *text = print(width, 0);
        ck_assert_uint_le(longest_line(text), width);
        free(text);
    }
}
END_TEST

START_TEST(no_line_ends_in_spaces)
{
    for (size_t width = 16; width < 70; width++) {
        char *text = print(width, 0);
        ck_assert_ptr_null(strstr(text, " \n"));
        free(text);
    }
}
END_TEST

START_TEST(colours_do_not_move_columns)
{
    char *text = print(0, 1);

    ck_assert(cli_has(text, "\x1b[1mADDRESS\x1b[0m             "));
    ck_assert(cli_has(text, "aws_s3_bucket  \x1b[32mverified\x1b[0m\n"));
    ck_assert(cli_has(text, "\x1b[31mmissing\x1b[0m   gone now\n"));
    free(text);
}
END_TEST

START_TEST(cells_cannot_steer_the_terminal)
{
    static const fr_table_cell rows[][4] = {
        {{"a\x1b[2Jb", FR_TONE_PLAIN}, {NULL, FR_TONE_PLAIN}, {"", FR_TONE_PLAIN}}};
    const fr_style style = {0, 0, 0};
    fr_buf out = {0};

    print_rows(rows, 1, &style, &out);
    ck_assert_str_eq(fr_buf_text(&out), "ADDRESS\na\\x1b[2Jb\n");
    fr_buf_finish(&out);
}
END_TEST

START_TEST(wide_characters_keep_columns_in_line)
{
    static const fr_table_cell rows[][4] = {
        {{"\xE6\x97\xA5\xE6\x9C\xAC", FR_TONE_PLAIN}, {"x", FR_TONE_PLAIN}, {"", FR_TONE_PLAIN}},
        {{"abcdefgh", FR_TONE_PLAIN}, {"y", FR_TONE_PLAIN}, {"", FR_TONE_PLAIN}}};
    const fr_style style = {0, 1, 0};
    fr_buf out = {0};

    print_rows(rows, 2, &style, &out);
    ck_assert_str_eq(fr_buf_text(&out),
                     "ADDRESS   TYPE\n\xE6\x97\xA5\xE6\x9C\xAC      x\nabcdefgh  y\n");
    fr_buf_finish(&out);
}
END_TEST

START_TEST(a_table_without_rows_is_nothing)
{
    const fr_style style = {0, 0, 0};
    fr_buf out = {0};

    print_rows(cells, 0, &style, &out);
    print_rows(cells + 1, 1, &style, &out);
    ck_assert_uint_eq(out.length, 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        wide_tables_show_everything,          narrow_tables_shrink_then_drop,
        no_line_is_wider_than_asked,          no_line_ends_in_spaces,
        colours_do_not_move_columns,          cells_cannot_steer_the_terminal,
        wide_characters_keep_columns_in_line, a_table_without_rows_is_nothing};
    return cli_suite_run("table", tests, sizeof tests / sizeof *tests);
}
