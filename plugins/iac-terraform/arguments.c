#include "arguments.h"

static void each(fr_tf_command *command, const fr_json *list, const char *flag)
{
    for (const fr_json *e = fr_json_first(list); e != NULL; e = fr_json_next(e))
        if (fr_json_string(e) != NULL)
            fr_tf_arg(command, "%s=%s", flag, fr_json_string(e));
}

void fr_tf_arg_var_files(fr_tf_command *command, const fr_tf *tf)
{
    each(command, tf->settings.var_files, "-var-file");
}

void fr_tf_arg_backend_config(fr_tf_command *command, const fr_tf *tf)
{
    each(command, tf->settings.backend_config, "-backend-config");
}

void fr_tf_arg_pace(fr_tf_command *command, const fr_tf *tf)
{
    if (tf->settings.parallelism > 0)
        fr_tf_arg(command, "-parallelism=%d", (int)tf->settings.parallelism);
    if (tf->settings.lock_timeout != NULL)
        fr_tf_arg(command, "-lock-timeout=%s", tf->settings.lock_timeout);
}
