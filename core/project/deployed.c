#include "project/deployed.h"

#include "base/time.h"
#include "project/markdown.h"
#include "project/registry_entry.h"
#include "project/registry_place.h"
#include <ctype.h>
#include <fractary-plugin/str.h>
#include <fractary-plugin/vec.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_ABBREVIATION 3 /* s3, iam, kms … are written in capitals */

/* ------------------------------------------------------------------------ services */

/* The word of a type that says most of where it belongs: the second of three
 * ("storage" of google_storage_bucket), the first of two ("random" of
 * random_id). */
static const char *word_of(const char *type, size_t *length)
{
    const size_t first = strcspn(type, "_");

    if (type[first] == '_' && strchr(type + first + 1, '_') != NULL) {
        *length = strcspn(type + first + 1, "_");
        return type + first + 1;
    }
    *length = first;
    return type;
}

/* Where a resource belongs: what the cloud's handler calls it, else made of its
 * type. The caller finishes `out`. */
static void put_service(const fr_json *entry, fr_buf *out)
{
    const char *service = fr_json_get_string(entry, "service");
    const char *type = fr_json_get_string(entry, "type");
    size_t length = 0;

    if (service != NULL && service[0] != '\0') {
        fr_buf_puts(out, service);
        return;
    }
    const char *word = word_of(type != NULL ? type : "", &length);
    for (size_t i = 0; i < length; i++) {
        const int upper = i == 0 || length <= LONGEST_ABBREVIATION;
        fr_buf_putc(out, upper ? (char)toupper((unsigned char)word[i]) : word[i]);
    }
    if (length == 0)
        fr_buf_puts(out, "Others");
}

static int compare_services(const void *a, const void *b)
{
    fr_buf left = {0};
    fr_buf right = {0};

    put_service(a, &left);
    put_service(b, &right);
    const int order = strcmp(fr_buf_text(&left), fr_buf_text(&right));
    fr_buf_finish(&left);
    fr_buf_finish(&right);
    return order;
}

static int by_service(const void *a, const void *b)
{
    const int order = compare_services(a, b);

    return order != 0 ? order
                      : strcmp(fr_json_get_string(a, "address"), fr_json_get_string(b, "address"));
}

static void print_service(const fr_json *entry, fr_buf *out)
{
    fr_buf name = {0};

    put_service(entry, &name);
    fr_markdown_text(fr_buf_text(&name), out);
    out->failed |= name.failed;
    fr_buf_finish(&name);
}

/* ------------------------------------------------------------------------- heading */

/* "2026-01-31T12:00:00.000Z" as "2026-01-31 12:00:00 UTC"; what somebody else
 * has put there as foreign text. */
static void print_time(const char *time, fr_buf *out)
{
    int64_t ignored;

    if (time != NULL && time[0] != '\0' && fr_time_parse(time, &ignored) && time[10] == 'T')
        fr_buf_printf(out, "%.10s %.8s UTC", time, time + 11);
    else
        fr_markdown_text(time, out);
}

static void print_fact(const char *label, const char *value, fr_buf *out)
{
    if (value == NULL || value[0] == '\0')
        return;
    fr_buf_printf(out, "| %s | ", label);
    fr_markdown_code(value, out);
    fr_buf_puts(out, " |\n");
}

static const char *what_happened(const fr_json *last)
{
    const int teardown = fr_str_equal(fr_json_get_string(last, "action"), "teardown");

    if (fr_json_is_true(last, "ok"))
        return teardown ? "Torn down" : "Deployed";
    return teardown ? "Torn down in part" : "Deployed in part";
}

static void print_last(const fr_json *registry, fr_buf *out)
{
    const fr_json *last = fr_json_get(registry, "last");

    fr_buf_puts(out, "| | |\n|---|---|\n");
    if (last != NULL) {
        fr_buf_printf(out, "| %s | ", what_happened(last));
        print_time(fr_json_get_string(last, "time"), out);
        fr_buf_puts(out, " |\n");
    }
    print_fact("By", fr_json_get_string(last, "user"), out);
    print_fact("As", fr_json_get_string(last, "principal"), out);
    print_fact("Run", fr_json_get_string(last, "run"), out);
    print_fact("Plan (SHA-256)", fr_json_get_string(last, "plan"), out);
    fr_buf_puts(out, "| Checked | ");
    print_time(fr_json_get_string(registry, "updated_at"), out);
    fr_buf_puts(out, " |\n");
}

static void print_count(size_t count, const char *word, fr_buf *out)
{
    if (count > 0)
        fr_buf_printf(out, ", %zu %s", count, word);
}

static void print_summary(const fr_json *registry, const fr_registry_counts *counts, fr_buf *out)
{
    const fr_json *last = fr_json_get(registry, "last");

    fr_buf_puts(out, "\n");
    if (counts->resources == 0) {
        fr_buf_puts(out, "Nothing is deployed.\n");
        return;
    }
    fr_buf_printf(out, "**%zu resource%s**", counts->resources, counts->resources == 1 ? "" : "s");
    print_count(counts->verified, "verified", out);
    print_count(counts->missing, "missing", out);
    print_count(counts->unverifiable, "not verifiable", out);
    fr_buf_puts(out, ".\n");
    if (last != NULL && !fr_json_is_true(last, "ok"))
        fr_buf_puts(out, "\n**The last change did not end well**: what stands here is what exists "
                         "by the state.\n");
}

/* ------------------------------------------------------------------------ resources */

/* The last part of an address; dots in the key of an instance are not its. */
static const char *last_part(const char *address)
{
    const char *part = address;

    for (const char *at = address; *at != '\0' && *at != '['; at++) {
        if (*at == '.')
            part = at + 1;
    }
    return part;
}

static const char *name_of(const fr_json *entry)
{
    const char *name = fr_json_get_string(entry, "name");

    return name != NULL && name[0] != '\0' ? name : last_part(fr_json_get_string(entry, "address"));
}

static const struct mark {
    const char *status;
    const char *text;
} marks[] = {
    {"verified", "\xE2\x9C\x93 verified"},
    {"missing", "\xE2\x9C\x97 missing"},
    {"unverifiable", "? not verifiable"},
};

static const char *mark_of(const fr_json *entry)
{
    const char *status = fr_json_get_string(entry, "status");

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (fr_str_equal(marks[i].status, status))
            return marks[i].text;
    }
    return "";
}

static void print_name(const fr_json *entry, fr_buf *out)
{
    fr_buf_puts(out, "| ");
    fr_markdown_link(name_of(entry), fr_json_get_string(entry, "console_url"), out);
    fr_buf_puts(out, " | ");
    fr_markdown_code(fr_json_get_string(entry, "address"), out);
}

/* What is to be said of one that is there: of the others it stands above. */
static void print_remark(const fr_json *entry, fr_buf *out)
{
    const char *reason = fr_json_get_string(entry, "reason");

    if (reason == NULL || !fr_str_equal(fr_json_get_string(entry, "status"), "verified"))
        return;
    fr_buf_puts(out, "; ");
    fr_markdown_text(reason, out);
}

static void print_row(const fr_json *entry, fr_buf *out)
{
    print_name(entry, out);
    fr_buf_puts(out, " | ");
    fr_markdown_code(fr_json_get_string(entry, "id"), out);
    fr_buf_puts(out, " | ");
    fr_markdown_code(fr_json_get_string(entry, "arn"), out);
    fr_buf_puts(out, " | ");
    fr_markdown_text(fr_json_get_string(entry, "region"), out);
    fr_buf_printf(out, " | %s", mark_of(entry));
    print_remark(entry, out);
    fr_buf_puts(out, " |\n");
}

static void print_attention(const fr_vec *entries, const fr_registry_counts *counts, fr_buf *out)
{
    if (counts->verified == counts->resources)
        return;
    fr_buf_puts(out,
                "\n## Not verified\n\n| Resource | Address | Status | Why |\n|---|---|---|---|\n");
    for (int missing = 1; missing >= 0; missing--) {
        for (size_t i = 0; i < entries->count; i++) {
            const char *status = fr_json_get_string(entries->items[i], "status");
            if (fr_str_equal(status, "verified") || fr_str_equal(status, "missing") != missing)
                continue;
            print_name(entries->items[i], out);
            fr_buf_printf(out, " | %s | ", mark_of(entries->items[i]));
            fr_markdown_text(fr_json_get_string(entries->items[i], "reason"), out);
            fr_buf_puts(out, " |\n");
        }
    }
}

static void print_resources(const fr_vec *entries, fr_buf *out)
{
    for (size_t i = 0; i < entries->count; i++) {
        if (i == 0 || compare_services(entries->items[i - 1], entries->items[i]) != 0) {
            fr_buf_puts(out, "\n## ");
            print_service(entries->items[i], out);
            fr_buf_puts(out, "\n\n| Resource | Address | ID | ARN | Region | Status |\n"
                             "|---|---|---|---|---|---|\n");
        }
        print_row(entries->items[i], out);
    }
}

static int32_t sort_entries(const fr_json *registry, fr_vec *entries)
{
    int32_t status = FRACTARY_OK;

    for (fr_json *e = fr_json_first(fr_json_get(registry, "resources"));
         e != NULL && status == FRACTARY_OK; e = fr_json_next(e))
        status = fr_vec_push(entries, e);
    fr_vec_sort(entries, by_service);
    return status;
}

static void print_heading(const fr_registry_place *place, fr_buf *out)
{
    fr_buf_puts(out, "# ");
    fr_markdown_text(place->project, out);
    fr_buf_puts(out, place->project != NULL && place->project[0] != '\0' ? ": " : "");
    fr_markdown_text(place->environment, out);
    if (fr_registry_has_folder(place)) {
        fr_buf_puts(out, ", stack ");
        fr_markdown_text(place->stack, out);
    }
    fr_buf_puts(out, "\n\n");
}

int32_t fr_deployed_print(const fr_registry_place *place, const fr_json *registry, fr_buf *out)
{
    fr_registry_counts counts = {0};
    fr_vec entries = {0};

    if (sort_entries(registry, &entries) != FRACTARY_OK)
        out->failed = 1;
    fr_registry_count(fr_json_get(registry, "resources"), &counts);
    print_heading(place, out);
    print_last(registry, out);
    print_summary(registry, &counts, out);
    print_attention(&entries, &counts, out);
    print_resources(&entries, out);
    fr_buf_puts(out, "\nWritten by fractary with each change; edits by hand are lost.\n");
    fr_vec_finish(&entries, NULL);
    return out->failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
}
