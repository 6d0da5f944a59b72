/* Plugin folders that tests write for themselves. */
#ifndef UNIT_PLUGIN_FIXTURE_H
#define UNIT_PLUGIN_FIXTURE_H

#include <check.h>
#include <fractary-plugin/json.h>

/* A manifest of a hosting plugin that is good. */
extern const char fixture_manifest[];

/* A new folder below $TMPDIR; fixture_remove() removes and frees it. */
char *fixture_folder(void);
void fixture_remove(char *folder);
/* Writes folder/name, making folders on the way. */
void fixture_write(const char *folder, const char *name, const char *text);
/* Makes the plugin folder/name: a library that is no library, and the good
 * manifest with `patch` (RFC 7396, may be NULL) over it. */
void fixture_plugin(const char *folder, const char *name, const char *patch);
/* The same when the text is not even JSON. */
void fixture_plugin_text(const char *folder, const char *name, const char *manifest);
fr_json *fixture_json(const char *text);
/* Path of a mock plugin of the build that is tested; the caller frees it. */
char *fixture_mock(const char *name);
/* Runs one suite as a test program does; the value for main() to return. */
int fixture_run(Suite *suite);

/* Says what was found when a text lacks a part. */
#define assert_says(text, part)                                                                    \
    ck_assert_msg(strstr((text), (part)) != NULL, "\"%s\" does not say \"%s\"", (text), (part))

#endif
