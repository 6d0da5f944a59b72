#include "project/profile_match.h"

#include "project/members.h"
#include <fractary-plugin/str.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct hint {
    const char *beginning;
    const char *purpose;
} hints[] = {
    {"grant", "grant"}, {"discover", "grant"}, {"iam", "grant"}, {"permission", "grant"},
    {"read", "read"},   {"audit", "read"},     {"view", "read"},
};

static int is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c & 0x80) != 0;
}

/* Where `name` occurs in `text` from `from` on, as whole words; NULL where it
 * does not. */
static const char *find_words(const char *text, const char *from, const char *name)
{
    const size_t length = strlen(name);

    for (const char *at = strcasestr(from, name); at != NULL; at = strcasestr(at + 1, name)) {
        if ((at == text || !is_word_byte(at[-1])) && !is_word_byte(at[length]))
            return at;
    }
    return NULL;
}

/* Non-zero when the place of `name` in `text` is inside that of a longer
 * environment's name: "prod" in "orders-prod-eu" where there is "prod-eu". */
static int is_covered(const char *text, const char *at, const char *name,
                      const fr_names *environments)
{
    const char *end = at + strlen(name);

    for (size_t i = 0; i < fr_names_count(environments); i++) {
        const char *other = fr_names_at(environments, i);
        const char *found = find_words(text, text, other);
        for (; found != NULL && strlen(other) > strlen(name);
             found = find_words(text, found + 1, other)) {
            if (found <= at && found + strlen(other) >= end)
                return 1;
        }
    }
    return 0;
}

/* The environments that a profile's name speaks of. */
static void find_environments(const char *profile, const fr_names *environments, fr_names *found)
{
    for (size_t i = 0; i < fr_names_count(environments); i++) {
        const char *name = fr_names_at(environments, i);
        const char *at = find_words(profile, profile, name);
        while (at != NULL && is_covered(profile, at, name, environments))
            at = find_words(profile, at + 1, name);
        if (at != NULL)
            fr_names_add(found, name);
    }
}

/* The purposes that the words of a name speak of, other than those that are
 * the environment's own name ("audit"); deploy where none does. */
static void find_purposes(const char *profile, const char *environment, fr_names *found)
{
    for (const char *at = profile; *at != '\0'; at++) {
        if (!is_word_byte(*at) || (at > profile && is_word_byte(at[-1])) ||
            (environment != NULL && find_words(profile, at, environment) == at))
            continue;
        for (size_t h = 0; h < sizeof hints / sizeof *hints; h++) {
            if (strncasecmp(at, hints[h].beginning, strlen(hints[h].beginning)) == 0)
                fr_names_add(found, hints[h].purpose);
        }
    }
    if (fr_names_count(found) == 0)
        fr_names_add(found, "deploy");
}

static void doubt(fr_names *doubts, const char *profile, const fr_names *meanings)
{
    fr_buf sentence = {0};

    fr_buf_printf(&sentence, "profile %s was left out: its name speaks of ", profile);
    fr_names_list(meanings, &sentence);
    fr_names_add(doubts, fr_buf_text(&sentence));
    doubts->failed |= sentence.failed;
    fr_buf_finish(&sentence);
}

static fr_json *use_of(const char *environment, const char *purpose)
{
    fr_members use = fr_members_begin();

    fr_members_string(&use, "environment", environment);
    fr_members_string(&use, "purpose", purpose);
    return fr_members_end(&use);
}

static int32_t match_one(fr_json *profile, const fr_names *environments, fr_names *doubts)
{
    const char *name = fr_json_get_string(profile, "name");
    fr_names places = {0};
    fr_names purposes = {0};
    fr_json *use = NULL;

    find_environments(name, environments, &places);
    find_purposes(name, fr_names_at(&places, 0), &purposes);
    if (fr_names_count(&places) > 1)
        doubt(doubts, name, &places);
    else if (fr_names_count(&places) == 1 && fr_names_count(&purposes) > 1)
        doubt(doubts, name, &purposes);
    else if (fr_names_count(&places) == 1)
        use = use_of(fr_names_at(&places, 0), fr_names_at(&purposes, 0));
    const int failed =
        places.failed || purposes.failed ||
        (use == NULL && fr_names_count(&places) == 1 && fr_names_count(&purposes) == 1);
    fr_names_finish(&places);
    fr_names_finish(&purposes);
    const int32_t status = fr_json_set(profile, "use", use != NULL ? use : fr_json_new_null());
    return failed ? FRACTARY_E_NOMEM : status;
}

/* Profiles other than `profile` that are for the same place. */
static void find_rivals(const fr_json *profiles, const fr_json *profile, fr_names *rivals)
{
    const fr_json *use = fr_json_get(profile, "use");

    for (const fr_json *p = fr_json_first(profiles); p != NULL; p = fr_json_next(p)) {
        if (p != profile && fr_json_equal(fr_json_get(p, "use"), use))
            fr_names_add(rivals, fr_json_get_string(p, "name"));
    }
}

static int32_t doubt_place(fr_names *doubts, const fr_json *profile, fr_names *rivals)
{
    const fr_json *use = fr_json_get(profile, "use");
    fr_buf sentence = {0};

    fr_names_add(rivals, fr_json_get_string(profile, "name"));
    fr_buf_printf(&sentence, "the %s profile of %s was left empty, because several fit: ",
                  fr_json_get_string(use, "purpose"), fr_json_get_string(use, "environment"));
    fr_names_list(rivals, &sentence);
    fr_names_add(doubts, fr_buf_text(&sentence));
    const int failed = sentence.failed || rivals->failed || doubts->failed;
    fr_buf_finish(&sentence);
    return failed ? FRACTARY_E_NOMEM : FRACTARY_OK;
}

/* Marks each profile of a place that several are for; a second pass clears
 * them, because the marks are compared with each other. */
static int32_t mark_rivals(fr_json *profiles, fr_names *doubts)
{
    int32_t status = FRACTARY_OK;

    for (fr_json *p = fr_json_first(profiles); p != NULL && status == FRACTARY_OK;
         p = fr_json_next(p)) {
        fr_names rivals = {0};
        if (fr_json_kind_of(fr_json_get(p, "use")) == FR_JSON_OBJECT)
            find_rivals(profiles, p, &rivals);
        if (rivals.failed)
            status = FRACTARY_E_NOMEM;
        else if (fr_names_count(&rivals) > 0)
            status = doubt_place(doubts, p, &rivals);
        if (status == FRACTARY_OK && fr_names_count(&rivals) > 0)
            status = fr_json_set_bool(p, "ambiguous", 1);
        fr_names_finish(&rivals);
    }
    return status;
}

int32_t fr_profile_match(fr_json *profiles, const fr_names *environments, fr_names *doubts)
{
    int32_t status = FRACTARY_OK;

    for (fr_json *p = fr_json_first(profiles); p != NULL && status == FRACTARY_OK;
         p = fr_json_next(p))
        status = match_one(p, environments, doubts);
    if (status == FRACTARY_OK)
        status = mark_rivals(profiles, doubts);
    for (fr_json *p = fr_json_first(profiles); p != NULL && status == FRACTARY_OK;
         p = fr_json_next(p)) {
        fr_json *mark = fr_json_take(p, "ambiguous");
        if (mark != NULL)
            status = fr_json_set(p, "use", fr_json_new_null());
        fr_json_free(mark);
    }
    return doubts->failed ? FRACTARY_E_NOMEM : status;
}
