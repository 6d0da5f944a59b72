#include "project/config_schema.h"

/* The assembler takes the file in as it is (found through -Icore), so that
 * there is one schema and no generated source. make/core.mk knows that the
 * object depends on it. */
extern const char schema_begin[] __asm__("fr_config_schema_begin");
extern const char schema_end[] __asm__("fr_config_schema_end");

__asm__(".pushsection .rodata\n"
        ".hidden fr_config_schema_begin\n"
        ".hidden fr_config_schema_end\n"
        ".globl fr_config_schema_begin\n"
        ".globl fr_config_schema_end\n"
        "fr_config_schema_begin:\n"
        ".incbin \"project/config.schema.json\"\n"
        "fr_config_schema_end:\n"
        ".byte 0\n"
        ".popsection\n");

const char *fr_config_schema_text(void)
{
    return schema_begin;
}

size_t fr_config_schema_length(void)
{
    return (size_t)(schema_end - schema_begin);
}
