/* HCL in pieces: as much of its grammar as it takes to find blocks and
 * attributes. Never fails: what is no HCL comes out as pieces, too. */
#ifndef FRACTARY_IAC_TERRAFORM_HCL_H
#define FRACTARY_IAC_TERRAFORM_HCL_H

#include <stddef.h>

typedef enum fr_hcl_kind {
    FR_HCL_END,
    FR_HCL_NEWLINE,
    FR_HCL_WORD,    /* identifiers and numbers                          */
    FR_HCL_STRING,  /* with its quotes; templates inside it included    */
    FR_HCL_HEREDOC, /* whole                                            */
    FR_HCL_OPEN,    /* { ( [                                            */
    FR_HCL_CLOSE,   /* } ) ]                                            */
    FR_HCL_OTHER    /* any other byte                                   */
} fr_hcl_kind;

typedef struct fr_hcl_piece {
    fr_hcl_kind kind;
    const char *text; /* points into the code */
    size_t length;
} fr_hcl_piece;

typedef struct fr_hcl {
    const char *next, *end;
} fr_hcl;

/* The next piece; white space and comments are passed over. */
fr_hcl_piece fr_hcl_next(fr_hcl *hcl);
/* Is the piece that word or byte? */
int fr_hcl_is(const fr_hcl_piece *piece, const char *text);

#endif
