/* The plugin on a fake host, and its methods in one line each. */
#ifndef FRACTARY_TESTS_IAC_TERRAFORM_STAGE_H
#define FRACTARY_TESTS_IAC_TERRAFORM_STAGE_H

#include <check.h>
#include <fractary-plugin/str.h>

#include "fakehost.h"

#define FR_STAGE_FIXTURES "tests/plugins/iac-terraform/fixtures/"
/* First line of every JSON stream. */
#define FR_STAGE_VERSION                                                                           \
    "{\"@level\":\"info\",\"@message\":\"Terraform 1.11.4\",\"terraform\":\"1.11.4\","             \
    "\"type\":\"version\",\"ui\":\"1.2\"}\n"

typedef struct fr_stage {
    fr_fakehost *host;
    void *instance;
    const fractary_iac *iac;
    fractary_error error; /* of the last method */
} fr_stage;

/* A project with the given main.tf (NULL: a small one) and section of the
 * configuration ("{}"); processes by script. Started with the first method. */
void fr_stage_open(fr_stage *stage, const char *section, const char *main_tf);
/* The same with the real tool. Zero when there is none: the test then prints
 * why it is skipped, and must return. */
int fr_stage_open_really(fr_stage *stage, const char *test, const char *section,
                         const char *main_tf);
void fr_stage_close(fr_stage *stage);
/* Creates the plugin anew, as the next command would. */
void fr_stage_restart(fr_stage *stage);

/* Each forgets the records and processes of the one before. */
int32_t fr_stage_init(fr_stage *stage, uint32_t flags);
int32_t fr_stage_validate(fr_stage *stage);
int32_t fr_stage_plan(fr_stage *stage, uint32_t flags);
int32_t fr_stage_apply(fr_stage *stage);
int32_t fr_stage_destroy(fr_stage *stage);
int32_t fr_stage_show(fr_stage *stage);
int32_t fr_stage_parse_error(fr_stage *stage, const char *text);

/* Writes main.tf anew. */
void fr_stage_main(fr_stage *stage, const char *text);
/* Fails the test unless `status` is the wanted one; shows error and records. */
void fr_stage_expect(fr_stage *stage, int32_t status, int32_t wanted);
/* The first diagnostic of that category, or a failed test. */
const fr_json *fr_stage_diagnostic(fr_stage *stage, const char *category);

#endif
