/* What of the code decides whether the root module must be initialised anew:
 * terraform blocks, sources and versions of modules, and which providers are
 * used; of local modules as well. The body of a resource is none of it. */
#ifndef FRACTARY_IAC_TERRAFORM_FACTS_H
#define FRACTARY_IAC_TERRAFORM_FACTS_H

#include "terraform.h"

typedef struct fr_tf_facts {
    fr_vec lines;   /* of char *: one fact each                          */
    fr_vec sources; /* of char *: "./x" and "../x" that modules name     */
    int failed;     /* memory ran out                                    */
} fr_tf_facts;

void fr_tf_facts_finish(fr_tf_facts *facts);
/* Adds a fact; a failure shows in `failed`. */
void fr_tf_fact(fr_tf_facts *facts, const char *format, ...) FR_PRINTF(2, 3);
/* The source of a module: a fact, and for a local one a folder to look into. */
void fr_tf_fact_source(fr_tf_facts *facts, const char *module, const char *source);
/* "aws_s3_bucket" uses the provider aws. */
void fr_tf_fact_type(fr_tf_facts *facts, const char *type);

/* Scans code in HCL; what cannot be understood is passed over, for the tool
 * will complain of it. facts_hcl.c, facts_json.c */
void fr_tf_facts_hcl(fr_tf_facts *facts, const char *text, size_t length);
/* The same for code in JSON. */
void fr_tf_facts_json(fr_tf_facts *facts, const char *text, size_t length);
/* Reads all code of a folder and of the local modules it leads to. `folder`
 * relative to the project's root. Folders that cannot be read are no error. */
void fr_tf_facts_collect(const fr_tf *tf, const char *folder, fr_tf_facts *facts);

#endif
