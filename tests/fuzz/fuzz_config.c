/* A configuration of any kind: no crash; what is refused names a place, what is
 * accepted can be asked everything and is accepted again as it is printed. */
#include "project/config.h"
#include "project/config_check.h"
#include "project/stack.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ask_environment(const fr_config *config, const char *name)
{
    static const char *const kinds[] = {"hosting", "iac", "other"};
    fr_environment environment;

    if (fr_config_environment(config, name, &environment, NULL) != FRACTARY_OK ||
        strcmp(environment.name, name) != 0 || environment.account == NULL ||
        environment.region == NULL || fr_class_name(environment.class) == NULL)
        abort();
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        fr_config_handler(config, name, kinds[i]);
    fr_json *section = fr_stack_section(config, name, FR_STACK_DEFAULT, "iac-terraform");
    if (fr_json_kind_of(section) != FR_JSON_OBJECT)
        abort();
    fr_json_free(section);
    fr_config_identity(config, name, "deploy");
}

static void ask(const fr_config *config)
{
    fr_environment environment;
    const char *name;

    for (size_t i = 0; (name = fr_config_environment_name(config, i)) != NULL; i++)
        ask_environment(config, name);
    /* The default is never one that deserves care. */
    if (fr_config_environment(config, fr_config_default_environment(config), &environment, NULL) ==
            FRACTARY_OK &&
        environment.class == FR_CLASS_PRODUCTION)
        abort();
    if (fr_config_project(config)[0] == '\0' || fr_config_pattern(config)[0] == '\0' ||
        fr_config_organization(config) == NULL || fr_config_subsystem(config) == NULL)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fractary_error error = FR_ERROR_INIT;
    fr_json *tree = NULL;
    fr_config *config = NULL;
    const int32_t status = fr_config_parse("config.json", (const char *)data, size, &tree, &error);

    if (status != FRACTARY_OK) {
        if (tree != NULL || error.message[0] == '\0')
            abort();
        if (status == FRACTARY_E_CONFIG && strncmp(error.place, "config.json:", 12) != 0)
            abort();
        return 0;
    }
    if (fr_config_from_tree("/project", tree, &config, NULL) != FRACTARY_OK)
        abort();
    ask(config);
    fr_config_free(config);
    return 0;
}
