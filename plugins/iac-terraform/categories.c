#include "categories.h"

#include <fractary-plugin/str.h>
#include <string.h>

/* X-macro: enumerator, name, status, advice. In the order of cause and effect:
 * without credentials nothing else works, and code that cannot be read has no
 * variables. Several errors are shown in this order. */
#define CATEGORIES(X)                                                                              \
    X(CREDENTIALS, "credentials", FRACTARY_E_AUTH,                                                 \
      "renew or configure the identity of this environment; fractary doctor shows which is used")  \
    X(DENIED, "denied", FRACTARY_E_DENIED,                                                         \
      "let somebody who may grant permissions allow this to the identity that was used")           \
    X(LOCK, "lock", FRACTARY_E_BUSY, "wait until whoever holds the lock is done")                  \
    X(NETWORK, "network", FRACTARY_E_UNAVAILABLE,                                                  \
      "check name resolution, proxy, certificates and that the address can be reached, then run "  \
      "again")                                                                                     \
    X(THROTTLED, "throttled", FRACTARY_E_UNAVAILABLE,                                              \
      "wait a minute and run again, with a smaller parallelism when it persists")                  \
    X(VERSION, "version", FRACTARY_E_FAILED,                                                       \
      "install a version that the constraint allows, or change the constraint")                    \
    X(SYNTAX, "syntax", FRACTARY_E_FAILED, "mend the code at the line that is named")              \
    X(REFERENCE, "reference", FRACTARY_E_FAILED,                                                   \
      "declare what is referred to, or mend its name at the line that is named")                   \
    X(MISSING_VARIABLE, "missing-variable", FRACTARY_E_FAILED,                                     \
      "give the variable a value in a file that var_files of the environment names, or a default") \
    X(INVALID_VALUE, "invalid-value", FRACTARY_E_FAILED,                                           \
      "mend the value where it is set; the detail says what is allowed")                           \
    X(NOT_INITIALIZED, "not-initialized", FRACTARY_E_FAILED,                                       \
      "run fractary validate; it initialises the root module")                                     \
    X(BACKEND, "backend", FRACTARY_E_FAILED,                                                       \
      "check the backend block and backend_config of the environment")                             \
    X(STATE, "state", FRACTARY_E_FAILED,                                                           \
      "leave the state as it is, keep any errored.tfstate, and read the detail before the next "   \
      "run")                                                                                       \
    X(STALE_PLAN, "stale-plan", FRACTARY_E_FAILED,                                                 \
      "the state has changed since the plan was made: plan and approve again")                     \
    X(PROVIDER, "provider", FRACTARY_E_FAILED,                                                     \
      "check source and version in required_providers, and that the provider's registry or "       \
      "mirror can be reached")                                                                     \
    X(MODULE, "module", FRACTARY_E_FAILED,                                                         \
      "check source and version of the module, and that its source can be reached")                \
    X(PRECONDITION, "precondition", FRACTARY_E_FAILED,                                             \
      "a condition that the code itself sets is not met; the detail says which")                   \
    X(QUOTA, "quota", FRACTARY_E_FAILED,                                                           \
      "ask the provider for a higher limit, or remove what is unused")                             \
    X(CONFLICT, "conflict", FRACTARY_E_FAILED,                                                     \
      "import what exists already, or give the resource another name")                             \
    X(TIMEOUT, "timeout", FRACTARY_E_FAILED,                                                       \
      "look at the resource in the console; run again when it has settled")                        \
    X(NOT_FOUND, "not-found", FRACTARY_E_FAILED,                                                   \
      "check the name and region of what is missing, or that it was created before")               \
    X(PROVISIONER, "provisioner", FRACTARY_E_FAILED,                                               \
      "read the output of the provisioner's command; the resource is tainted and will be "         \
      "replaced")                                                                                  \
    X(TOOL, "tool", FRACTARY_E_FAILED,                                                             \
      "run again; report it to the tool's makers when it persists")                                \
    X(UNKNOWN, "unknown", FRACTARY_E_FAILED, "read the detail; nothing is known about this error") \
    X(INTERRUPTED, "interrupted", FRACTARY_E_CANCELLED,                                            \
      "run again: what was finished is in the state, and the rest is planned anew")

#define ENUMERATOR(id, name, status, advice) id,
#define ENTRY(id, name, status, advice)      [id] = {name, status, advice},

enum category_id { CATEGORIES(ENUMERATOR) CATEGORY_COUNT };

static const fr_tf_category categories[CATEGORY_COUNT] = {CATEGORIES(ENTRY)};

enum place { SUMMARY, ANYWHERE };

typedef struct rule {
    enum place place;
    const char *needle; /* squeezed: lower case, single spaces  */
    enum category_id category;
    const char *advice; /* NULL: that of the category           */
} rule;

#define PROFILE_ADVICE                                                                             \
    "remove `profile` from the provider block or backend (it beats the credentials that are "      \
    "handed over) and set identities of the environment in config.json"
#define MIGRATE_ADVICE                                                                             \
    "when the state should move with it, run init -migrate-state by hand once; nothing was "       \
    "changed"
#define VAR_FILE_ADVICE "mend var_files of the environment in config.json, or create the file"

/* The first that fits decides: what only one thing can mean comes first, and
 * words that occur in many messages come last. */
static const rule rules[] = {
    /* the plan, the lock */
    {ANYWHERE, "saved plan is stale", STALE_PLAN, NULL},
    {ANYWHERE, "plan file can no longer be applied", STALE_PLAN, NULL},
    {ANYWHERE, "saved plan does not match the given state", STALE_PLAN, NULL},
    {ANYWHERE, "plan file was created by", VERSION, "plan again with the installed version"},
    {ANYWHERE, "lock info:", LOCK, NULL},
    {ANYWHERE, "state blob is already locked", LOCK, NULL},
    {ANYWHERE, "workspace already locked", LOCK, NULL},
    {ANYWHERE, "workspace is locked", LOCK, NULL},
    /* somebody stopped it */
    {SUMMARY, "execution halted", INTERRUPTED, NULL},
    {SUMMARY, "operation canceled", INTERRUPTED, NULL},
    {ANYWHERE, "context canceled", INTERRUPTED, NULL},
    /* initialisation */
    {SUMMARY, "backend initialization required", NOT_INITIALIZED, NULL},
    {SUMMARY, "initialization required", NOT_INITIALIZED, NULL},
    {SUMMARY, "inconsistent dependency lock file", NOT_INITIALIZED, NULL},
    {SUMMARY, "required plugins are not installed", NOT_INITIALIZED, NULL},
    {SUMMARY, "module not installed", NOT_INITIALIZED, NULL},
    {SUMMARY, "module source has changed", NOT_INITIALIZED, NULL},
    {SUMMARY, "module version requirements have changed", NOT_INITIALIZED, NULL},
    {SUMMARY, "module call not installed", NOT_INITIALIZED, NULL},
    {SUMMARY, "missing required provisioner plugin", REFERENCE, NULL},
    {SUMMARY, "missing required provider", NOT_INITIALIZED, NULL},
    {SUMMARY, "provider requirements cannot be satisfied by locked", NOT_INITIALIZED, NULL},
    {SUMMARY, "backend configuration changed", BACKEND, MIGRATE_ADVICE},
    {SUMMARY, "backend type changed", BACKEND, MIGRATE_ADVICE},
    {SUMMARY, "state migration", BACKEND, MIGRATE_ADVICE},
    /* versions, providers, modules */
    {SUMMARY, "unsupported terraform core version", VERSION, NULL},
    {SUMMARY, "unsupported opentofu core version", VERSION, NULL},
    {ANYWHERE, "does not support terraform version", VERSION, NULL},
    {SUMMARY, "incompatible provider version", VERSION, NULL},
    {ANYWHERE, "no available releases match the given constraints", VERSION, NULL},
    {SUMMARY, "unresolvable module version constraint", VERSION, NULL},
    {SUMMARY, "failed to query available provider packages", PROVIDER, NULL},
    {SUMMARY, "failed to install provider", PROVIDER, NULL},
    {SUMMARY, "incomplete lock file information", PROVIDER,
     "commit the lock file; the detail says how to add other platforms to it"},
    {SUMMARY, "failed to resolve provider packages", PROVIDER, NULL},
    {SUMMARY, "could not retrieve providers for locking", PROVIDER, NULL},
    {SUMMARY, "failed to load plugin schemas", PROVIDER, NULL},
    {SUMMARY, "failed to instantiate provider", PROVIDER, NULL},
    {SUMMARY, "failed to start provider", PROVIDER, NULL},
    {SUMMARY, "provider configuration not present", PROVIDER, NULL},
    {SUMMARY, "provider produced in", PROVIDER,
     "report it to the provider's makers; another version may help"},
    {SUMMARY, "plugin did not respond", PROVIDER,
     "the provider crashed: run again, or use another version of it"},
    {ANYWHERE, "the plugin encountered an error, and failed to respond", PROVIDER,
     "the provider crashed: run again, or use another version of it"},
    {SUMMARY, "error accessing remote module registry", MODULE, NULL},
    {SUMMARY, "unreadable module directory", MODULE, NULL},
    {SUMMARY, "failed to download module", MODULE, NULL},
    {SUMMARY, "failed to remove local module cache", MODULE, NULL},
    {SUMMARY, "could not download module", MODULE, NULL},
    {SUMMARY, "module not found", MODULE, NULL},
    {SUMMARY, "local module path escapes", MODULE, NULL},
    {SUMMARY, "invalid registry module source", MODULE, NULL},
    {SUMMARY, "invalid module source", MODULE, NULL},
    /* the code's own conditions */
    {SUMMARY, "precondition failed", PRECONDITION, NULL},
    {SUMMARY, "postcondition failed", PRECONDITION, NULL},
    {SUMMARY, "check block assertion failed", PRECONDITION, NULL},
    {SUMMARY, "instance cannot be destroyed", PRECONDITION,
     "the resource has prevent_destroy: remove that first when it is really to go"},
    {SUMMARY, "provisioner error", PROVISIONER, NULL},
    {SUMMARY, "failed to execute provisioner", PROVISIONER, NULL},
    /* variables and values */
    {SUMMARY, "no value for required variable", MISSING_VARIABLE, NULL},
    {SUMMARY, "failed to read variables file", MISSING_VARIABLE, VAR_FILE_ADVICE},
    {SUMMARY, "invalid value for variable", INVALID_VALUE, NULL},
    {SUMMARY, "invalid value for input variable", INVALID_VALUE, NULL},
    {SUMMARY, "invalid default value for variable", INVALID_VALUE, NULL},
    {SUMMARY, "incorrect attribute value type", INVALID_VALUE, NULL},
    {SUMMARY, "invalid for_each argument", INVALID_VALUE, NULL},
    {SUMMARY, "invalid for_each set argument", INVALID_VALUE, NULL},
    {SUMMARY, "invalid count argument", INVALID_VALUE, NULL},
    {SUMMARY, "invalid function argument", INVALID_VALUE, NULL},
    {SUMMARY, "invalid template interpolation", INVALID_VALUE, NULL},
    {SUMMARY, "unsuitable value", INVALID_VALUE, NULL},
    {SUMMARY, "invalid index", INVALID_VALUE, NULL},
    {SUMMARY, "invalid operand", INVALID_VALUE, NULL},
    {SUMMARY, "inconsistent conditional result types", INVALID_VALUE, NULL},
    {SUMMARY, "sensitive", INVALID_VALUE, NULL},
    {SUMMARY, "incorrect value type", INVALID_VALUE, NULL},
    {SUMMARY, "incorrect condition type", INVALID_VALUE, NULL},
    {SUMMARY, "attempt to ", INVALID_VALUE, NULL},
    {SUMMARY, "failed to serialize value", INVALID_VALUE, NULL},
    {SUMMARY, "division by zero", INVALID_VALUE, NULL},
    {SUMMARY, "error in function call", INVALID_VALUE, NULL},
    {SUMMARY, "invalid provider configuration", PROVIDER, NULL},
    /* names */
    {SUMMARY, "reference to undeclared", REFERENCE, NULL},
    {SUMMARY, "undeclared", REFERENCE, NULL},
    {SUMMARY, "unsupported attribute", REFERENCE, NULL},
    {SUMMARY, "invalid reference", REFERENCE, NULL},
    {SUMMARY, "unknown variable", REFERENCE, NULL},
    {SUMMARY, "self-referenc", REFERENCE, NULL},
    {SUMMARY, "self-referential", REFERENCE, NULL},
    {SUMMARY, "reference to \"", REFERENCE, NULL},
    {SUMMARY, "invalid \"self\" reference", REFERENCE, NULL},
    {SUMMARY, "configuration for import target does not exist", REFERENCE, NULL},
    {SUMMARY, "moved object still exists", REFERENCE, NULL},
    {SUMMARY, "removed resource still exists", REFERENCE, NULL},
    {SUMMARY, "cycle:", REFERENCE, NULL},
    {SUMMARY, "invalid resource type", REFERENCE, NULL},
    {SUMMARY, "invalid data source", REFERENCE, NULL},
    {SUMMARY, "call to unknown function", REFERENCE, NULL},
    {SUMMARY, "missing resource instance key", REFERENCE, NULL},
    {SUMMARY, "resource targeting", REFERENCE, NULL},
    {SUMMARY, "invalid target", REFERENCE, NULL},
    /* form */
    {SUMMARY, "invalid expression", SYNTAX, NULL},
    {SUMMARY, "missing newline", SYNTAX, NULL},
    {SUMMARY, "unsupported argument", SYNTAX, NULL},
    {SUMMARY, "unsupported block type", SYNTAX, NULL},
    {SUMMARY, "argument or block definition required", SYNTAX, NULL},
    {SUMMARY, "argument definition required", SYNTAX, NULL},
    {SUMMARY, "missing required argument", SYNTAX, NULL},
    {SUMMARY, "invalid block definition", SYNTAX, NULL},
    {SUMMARY, "invalid single-argument block definition", SYNTAX, NULL},
    {SUMMARY, "unclosed", SYNTAX, NULL},
    {SUMMARY, "unterminated", SYNTAX, NULL},
    {SUMMARY, "invalid character", SYNTAX, NULL},
    {SUMMARY, "invalid multi-line string", SYNTAX, NULL},
    {SUMMARY, "invalid escape sequence", SYNTAX, NULL},
    {SUMMARY, "attribute redefined", SYNTAX, NULL},
    {SUMMARY, "duplicate ", SYNTAX, NULL},
    {SUMMARY, "extra characters", SYNTAX, NULL},
    {SUMMARY, "extraneous label", SYNTAX, NULL},
    {SUMMARY, "missing name for", SYNTAX, NULL},
    {SUMMARY, "missing item separator", SYNTAX, NULL},
    {SUMMARY, "missing key/value separator", SYNTAX, NULL},
    {SUMMARY, "missing attribute", SYNTAX, NULL},
    {SUMMARY, "invalid resource name", SYNTAX, NULL},
    {SUMMARY, "invalid argument name", SYNTAX, NULL},
    {SUMMARY, "invalid combination of", SYNTAX, NULL},
    {SUMMARY, "conflicting configuration arguments", SYNTAX, NULL},
    {SUMMARY, "invalid attribute combination", SYNTAX, NULL},
    {SUMMARY, "unexpected attribute", SYNTAX, NULL},
    {SUMMARY, "variables not allowed", SYNTAX, NULL},
    {SUMMARY, "function calls not allowed", SYNTAX, NULL},
    {SUMMARY, "file is not a valid", SYNTAX, NULL},
    {SUMMARY, "missing expression", SYNTAX, NULL},
    {SUMMARY, "missing value", SYNTAX, NULL},
    {SUMMARY, "missing close", SYNTAX, NULL},
    {SUMMARY, "missing closing", SYNTAX, NULL},
    {SUMMARY, "missing argument separator", SYNTAX, NULL},
    {SUMMARY, "missing false expression", SYNTAX, NULL},
    {SUMMARY, "missing attribute separator", SYNTAX, NULL},
    {SUMMARY, "unbalanced", SYNTAX, NULL},
    {SUMMARY, "unexpected ", SYNTAX, NULL},
    {SUMMARY, "unsupported operator", SYNTAX, NULL},
    {SUMMARY, "invalid 'for' expression", SYNTAX, NULL},
    {SUMMARY, "invalid attribute name", SYNTAX, NULL},
    {SUMMARY, "invalid object property name", SYNTAX, NULL},
    {SUMMARY, "root value must be object", SYNTAX, NULL},
    {SUMMARY, "invalid template", SYNTAX, NULL},
    {SUMMARY, "invalid block", SYNTAX, NULL},
    {SUMMARY, "invalid number", SYNTAX, NULL},
    {SUMMARY, "invalid object key", SYNTAX, NULL},
    {SUMMARY, "invalid legacy index", SYNTAX, NULL},
    {SUMMARY, "invalid type specification", SYNTAX, NULL},
    {SUMMARY, "invalid variable name", SYNTAX, NULL},
    {SUMMARY, "invalid output name", SYNTAX, NULL},
    {SUMMARY, "invalid local value name", SYNTAX, NULL},
    {SUMMARY, "invalid version constraint", SYNTAX, NULL},
    {SUMMARY, "invalid precondition expression", SYNTAX, NULL},
    {SUMMARY, "invalid postcondition expression", SYNTAX, NULL},
    {SUMMARY, "function arguments", SYNTAX, NULL},
    {SUMMARY, "zero assert blocks", SYNTAX, NULL},
    {SUMMARY, "ambiguous attribute key", SYNTAX, NULL},
    {SUMMARY, "newline in ", SYNTAX, NULL},
    /* denials; before credentials, for a denied AssumeRole is one */
    {ANYWHERE, "is not authorized to perform", DENIED, NULL},
    {ANYWHERE, "not authorized to perform", DENIED, NULL},
    {ANYWHERE, "accessdenied", DENIED, NULL},
    {ANYWHERE, "access denied", DENIED, NULL},
    {ANYWHERE, "unauthorizedoperation", DENIED, NULL},
    {ANYWHERE, "authorizationerror", DENIED, NULL},
    {ANYWHERE, "permission_denied", DENIED, NULL},
    {ANYWHERE, "authorizationfailed", DENIED, NULL},
    {ANYWHERE, "error 403", DENIED, NULL},
    {ANYWHERE, "api error forbidden", DENIED, NULL},
    /* credentials */
    {ANYWHERE, "failed to get shared config profile", CREDENTIALS, PROFILE_ADVICE},
    {ANYWHERE, "shared config profile", CREDENTIALS, PROFILE_ADVICE},
    {ANYWHERE, "no valid credential sources", CREDENTIALS, NULL},
    {ANYWHERE, "expiredtoken", CREDENTIALS, "the credentials have expired: sign in again"},
    {ANYWHERE, "token included in the request is expired", CREDENTIALS,
     "the credentials have expired: sign in again"},
    {ANYWHERE, "requestexpired", CREDENTIALS,
     "the credentials have expired, or this machine's clock is wrong"},
    {ANYWHERE, "token has expired", CREDENTIALS, "the credentials have expired: sign in again"},
    {ANYWHERE, "sso session", CREDENTIALS, "sign in again: aws sso login"},
    {ANYWHERE, "invalidclienttokenid", CREDENTIALS, NULL},
    {ANYWHERE, "invalidaccesskeyid", CREDENTIALS, NULL},
    {ANYWHERE, "unrecognizedclientexception", CREDENTIALS, NULL},
    {ANYWHERE, "security token included in the request is invalid", CREDENTIALS, NULL},
    {ANYWHERE, "signaturedoesnotmatch", CREDENTIALS, NULL},
    {ANYWHERE, "authfailure", CREDENTIALS, NULL},
    {ANYWHERE, "failed to refresh cached credentials", CREDENTIALS, NULL},
    {ANYWHERE, "cannot assume iam role", CREDENTIALS, NULL},
    {ANYWHERE, "no ec2 imds role found", CREDENTIALS, NULL},
    {ANYWHERE, "could not find default credentials", CREDENTIALS, NULL},
    {ANYWHERE, "error 401", CREDENTIALS, NULL},
    /* the cloud says no for another reason */
    {ANYWHERE, "throttl", THROTTLED, NULL},
    {ANYWHERE, "rate exceeded", THROTTLED, NULL},
    {ANYWHERE, "rate limit exceeded", THROTTLED, NULL},
    {ANYWHERE, "requestlimitexceeded", THROTTLED, NULL},
    {ANYWHERE, "toomanyrequests", THROTTLED, NULL},
    {ANYWHERE, "too many requests", THROTTLED, NULL},
    {ANYWHERE, "slowdown", THROTTLED, NULL},
    {ANYWHERE, "statuscode: 429", THROTTLED, NULL},
    {ANYWHERE, "limitexceeded", QUOTA, NULL},
    {ANYWHERE, "limit exceeded", QUOTA, NULL},
    {ANYWHERE, "quota", QUOTA, NULL},
    {ANYWHERE, "maximum number of", QUOTA, NULL},
    {ANYWHERE, "toomanybuckets", QUOTA, NULL},
    {ANYWHERE, "resource_exhausted", QUOTA, NULL},
    {ANYWHERE, "insufficientinstancecapacity", QUOTA, "choose another zone or size, or try later"},
    /* state and backend */
    {ANYWHERE, "failed to save state", STATE, NULL},
    {ANYWHERE, "error saving state", STATE, NULL},
    {ANYWHERE, "failed to persist state", STATE, NULL},
    {ANYWHERE, "errored.tfstate", STATE, NULL},
    {ANYWHERE, "state snapshot was created by", VERSION, NULL},
    {ANYWHERE, "unsupported state file format", STATE, NULL},
    {ANYWHERE, "does not have the expected content", STATE, NULL},
    {ANYWHERE, "required by the backend", BACKEND, NULL},
    {ANYWHERE, "unsupported backend type", BACKEND, NULL},
    {ANYWHERE, "invalid backend", BACKEND, NULL},
    {ANYWHERE, "missing region value", BACKEND, NULL},
    {ANYWHERE, "nosuchbucket", BACKEND, "create the bucket of the backend, or mend its name"},
    {ANYWHERE, "s3 bucket does not exist", BACKEND,
     "create the bucket of the backend, or mend its name"},
    /* conflicts */
    {ANYWHERE, "alreadyexists", CONFLICT, NULL},
    {ANYWHERE, "already exists", CONFLICT, NULL},
    {ANYWHERE, "alreadyownedbyyou", CONFLICT, NULL},
    {ANYWHERE, "already being managed", CONFLICT, NULL},
    {ANYWHERE, "resourceinuse", CONFLICT, NULL},
    {ANYWHERE, "resourceconflict", CONFLICT, NULL},
    {ANYWHERE, "conflictexception", CONFLICT, NULL},
    {ANYWHERE, "operationaborted", CONFLICT,
     "another change is under way there: wait a minute and run again"},
    {ANYWHERE, "dependencyviolation", CONFLICT, "remove what still depends on it first"},
    {ANYWHERE, "deleteconflict", CONFLICT, "remove what still depends on it first"},
    {ANYWHERE, "bucketnotempty", CONFLICT, "empty the bucket, or set force_destroy"},
    {ANYWHERE, ".duplicate", CONFLICT, NULL},
    {ANYWHERE, "error 409", CONFLICT, NULL},
    /* the way there */
    {ANYWHERE, "no such host", NETWORK, NULL},
    {ANYWHERE, "connection refused", NETWORK, NULL},
    {ANYWHERE, "connection reset", NETWORK, NULL},
    {ANYWHERE, "network is unreachable", NETWORK, NULL},
    {ANYWHERE, "no route to host", NETWORK, NULL},
    {ANYWHERE, "i/o timeout", NETWORK, NULL},
    {ANYWHERE, "tls handshake", NETWORK, NULL},
    {ANYWHERE, "x509:", NETWORK, NULL},
    {ANYWHERE, "dial tcp", NETWORK, NULL},
    {ANYWHERE, "could not connect", NETWORK, NULL},
    {ANYWHERE, "proxyconnect", NETWORK, NULL},
    {ANYWHERE, "timeout while waiting", TIMEOUT, NULL},
    {ANYWHERE, "context deadline exceeded", TIMEOUT, NULL},
    {ANYWHERE, "timed out", TIMEOUT, NULL},
    {ANYWHERE, "timeout", TIMEOUT, NULL},
    {ANYWHERE, "error acquiring the state lock", LOCK, NULL},
    {ANYWHERE, "error locking state", LOCK, NULL},
    {ANYWHERE, "error releasing the state lock", LOCK, NULL},
    /* the rest by the words that name it */
    {ANYWHERE, "panic:", TOOL, NULL},
    {ANYWHERE, "terraform crash", TOOL, NULL},
    {ANYWHERE, "flag provided but not defined", TOOL, "install a newer version"},
    {ANYWHERE, "couldn't find resource", NOT_FOUND, NULL},
    {ANYWHERE, "nosuch", NOT_FOUND, NULL},
    {ANYWHERE, "notfound", NOT_FOUND, NULL},
    {ANYWHERE, "not found", NOT_FOUND, NULL},
    {ANYWHERE, "does not exist", NOT_FOUND, NULL},
    {ANYWHERE, "statuscode: 404", NOT_FOUND, NULL},
    {ANYWHERE, "error 404", NOT_FOUND, NULL},
    {SUMMARY, "error loading state", STATE, NULL},
    {SUMMARY, "failed to load state", STATE, NULL},
    {SUMMARY, "failed to read state", STATE, NULL},
    {SUMMARY, "backend", BACKEND, NULL},
    {SUMMARY, "expected", INVALID_VALUE, NULL},
    {SUMMARY, "provider", PROVIDER, NULL},
    {SUMMARY, "module", MODULE, NULL},
};

static int fits(const rule *r, const char *summary, const char *detail)
{
    if (strstr(summary, r->needle) != NULL)
        return 1;
    return r->place == ANYWHERE && strstr(detail, r->needle) != NULL;
}

fr_tf_verdict fr_tf_classify(const char *summary, const char *detail)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (!fits(&rules[i], summary, detail))
            continue;
        const fr_tf_category *category = &categories[rules[i].category];
        const char *advice = rules[i].advice != NULL ? rules[i].advice : category->advice;
        return (fr_tf_verdict){category, advice};
    }
    return (fr_tf_verdict){&categories[UNKNOWN], categories[UNKNOWN].advice};
}

size_t fr_tf_category_rank(const char *name)
{
    return (size_t)(fr_tf_category_named(name) - categories);
}

const fr_tf_category *fr_tf_category_named(const char *name)
{
    for (size_t i = 0; i < CATEGORY_COUNT; i++)
        if (fr_str_equal(categories[i].name, name))
            return &categories[i];
    return &categories[UNKNOWN];
}
