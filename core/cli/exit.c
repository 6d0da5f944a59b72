#include "cli/exit.h"

static const struct row {
    int32_t status;
    int code;
    const char *name;
} rows[] = {
    {FRACTARY_OK, FR_EXIT_DONE, "ok"},
    {FRACTARY_E_FAILED, FR_EXIT_FAILED, "failed"},
    {FRACTARY_E_INVALID, FR_EXIT_USAGE, "invalid"},
    {FRACTARY_E_NOMEM, FR_EXIT_FAILED, "memory"},
    {FRACTARY_E_IO, FR_EXIT_FAILED, "io"},
    {FRACTARY_E_NOTFOUND, FR_EXIT_FAILED, "not-found"},
    {FRACTARY_E_EXISTS, FR_EXIT_FAILED, "exists"},
    {FRACTARY_E_UNSUPPORTED, FR_EXIT_FAILED, "unsupported"},
    {FRACTARY_E_CANCELLED, FR_EXIT_INTERRUPTED, "cancelled"},
    {FRACTARY_E_DEADLINE, FR_EXIT_FAILED, "deadline"},
    {FRACTARY_E_PROTOCOL, FR_EXIT_FAILED, "protocol"},
    {FRACTARY_E_REENTRANT, FR_EXIT_FAILED, "reentrant"},
    {FRACTARY_E_REFUSED, FR_EXIT_REFUSED, "refused"},
    {FRACTARY_E_UNCONFIRMED, FR_EXIT_UNCONFIRMED, "unconfirmed"},
    {FRACTARY_E_DENIED, FR_EXIT_DENIED, "denied"},
    {FRACTARY_E_MISSING, FR_EXIT_MISSING, "missing"},
    {FRACTARY_E_CONFIG, FR_EXIT_USAGE, "config"},
    {FRACTARY_E_AUTH, FR_EXIT_DENIED, "auth"},
    {FRACTARY_E_BUSY, FR_EXIT_FAILED, "busy"},
    {FRACTARY_E_UNAVAILABLE, FR_EXIT_FAILED, "unavailable"},
    {FRACTARY_E_LIMIT, FR_EXIT_FAILED, "limit"},
    {FRACTARY_E_NOTHING, FR_EXIT_NOTHING, "nothing"},
};

static const struct row *find(int32_t status)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].status == status)
            return &rows[i];
    }
    return find(FRACTARY_E_PROTOCOL);
}

int fr_exit_code(int32_t status)
{
    return find(status)->code;
}

const char *fr_exit_status_name(int32_t status)
{
    return find(status)->name;
}

const fr_exit_meaning *fr_exit_meanings(void)
{
    static const fr_exit_meaning meanings[] = {
        {FR_EXIT_DONE, "done"},
        {FR_EXIT_FAILED, "it was tried and failed"},
        {FR_EXIT_USAGE, "the command line or the configuration is wrong"},
        {FR_EXIT_REFUSED, "refused by policy, before anything happened"},
        {FR_EXIT_UNCONFIRMED, "needs a confirmation, and there is no terminal to ask at"},
        {FR_EXIT_DENIED, "the cloud denies it: a permission or credentials are missing"},
        {FR_EXIT_MISSING, "a tool or a plugin is missing"},
        {FR_EXIT_NOTHING, "nothing to do, where that matters (--detailed-exitcode)"},
        {FR_EXIT_INTERRUPTED, "interrupted"},
        {0, NULL},
    };
    return meanings;
}
