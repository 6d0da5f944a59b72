"""IAM decisions: what a statement says, what an action is called, and the log.

Replaces moto's reading of one statement. There a statement whose condition
does not hold denies everything, a dot or a question mark in a pattern is a
regular expression's, and the case of an action matters. Here a statement that
does not match does not apply.

What a condition asks may be unknown here (s3:prefix, a VPC). Such a condition
is taken to hold for an Allow and not to hold for a Deny. aws:SecureTransport
is true: on 127.0.0.1 plain HTTP stands for HTTPS.
"""
import functools
import json
import os
import re
from urllib.parse import parse_qsl, urlsplit

from flask import has_request_context, request
from moto.iam import access_control
from moto.iam.access_control import PermissionResult

# ------------------------------------------------------------------ statements


@functools.lru_cache(maxsize=4096)
def pattern(text, flags=0):
    return re.compile("".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in text) + r"\Z",
                      flags | re.S)


def as_list(value):
    return value if isinstance(value, list) else [value]


def like(patterns, value, flags=0):
    return any(pattern(str(text), flags).match(value) for text in as_list(patterns))


def element_applies(statement, name, value, flags=0):
    """Action and NotAction, Resource and NotResource; absent in trust policies."""
    if "Not" + name in statement:
        return not like(statement["Not" + name], value, flags)
    return name not in statement or like(statement[name], value, flags)


def principal_applies(statement, principal):
    """Of bucket policies, where the principal is not known here, only "*" is read."""
    allowed = statement.get("Principal")
    if allowed is None or allowed == "*":
        return True
    names = as_list(allowed.get("AWS", [])) if isinstance(allowed, dict) else []
    return "*" in names or any(is_principal(name, principal) for name in names if principal)


def is_principal(name, principal):
    """`name` is an ARN, or an account: its root or its number."""
    account = principal.split(":")[4]
    role = re.sub(r":sts::(\d+):assumed-role/([^/]+)/.*", r":iam::\1:role/\2", principal)
    return name in (principal, role, account) or name.endswith(f":{account}:root")


# ------------------------------------------------------------------ conditions


def ignore_case(expected, actual):
    return actual.lower() in [str(text).lower() for text in expected]


POSITIVE = {
    "StringEquals": lambda expected, actual: actual in expected,
    "StringEqualsIgnoreCase": ignore_case,
    "StringLike": like,
    "ArnEquals": like,
    "ArnLike": like,
    "Bool": ignore_case,
}
NEGATIVE = {
    "StringNotEquals": POSITIVE["StringEquals"],
    "StringNotEqualsIgnoreCase": ignore_case,
    "StringNotLike": like,
    "ArnNotEquals": like,
    "ArnNotLike": like,
}
KNOWN_ABSENT = ("sts:externalid",)


def request_context(principal, incoming):
    context = {"aws:securetransport": "true"}
    if principal:
        context["aws:principalarn"] = principal
    if has_request_context():
        region = re.search(r"Credential=[^/]+/\d+/([^/]+)/", request.headers.get("Authorization", ""))
        if region:
            context["aws:requestedregion"] = region[1]
    context.update({key.lower(): value for key, value in (incoming or {}).items()})
    return context


def condition_holds(operator, key, expected, context):
    """True, False, or None when it is not known here."""
    name = operator.removesuffix("IfExists")
    actual = context.get(key.lower())
    if name not in POSITIVE and name not in NEGATIVE:
        return None
    if actual is None:
        if key.lower() not in KNOWN_ABSENT:
            return None
        return name in NEGATIVE or name != operator
    expected = [str(value) for value in as_list(expected)]
    return POSITIVE[name](expected, actual) if name in POSITIVE else not NEGATIVE[name](expected, actual)


def conditions_apply(statement, context):
    unknown = statement["Effect"] == "Allow"
    for operator, block in statement.get("Condition", {}).items():
        for key, expected in block.items():
            holds = condition_holds(operator, key, expected, context)
            if not (unknown if holds is None else holds):
                return False
    return True


def is_action_permitted(self, action, resource="*", principal=None, incoming_condition_values=None):
    """Replaces IAMPolicyStatement.is_action_permitted."""
    statement = self._statement
    applies = (element_applies(statement, "Action", action, re.I)
               and element_applies(statement, "Resource", resource)
               and principal_applies(statement, principal)
               and conditions_apply(statement, request_context(principal, incoming_condition_values)))
    if not applies:
        return PermissionResult.NEUTRAL
    return PermissionResult.PERMITTED if statement["Effect"] == "Allow" else PermissionResult.DENIED


# ---------------------------------------------------------------- action names

# S3's sub-resources; "{}" is Get or Put. Where deleting has a name of its own
# it stands in S3_DELETE, elsewhere it is the Put.
S3_BUCKET = {
    "accelerate": "{}AccelerateConfiguration",
    "acl": "{}BucketAcl",
    "analytics": "{}AnalyticsConfiguration",
    "cors": "{}BucketCORS",
    "encryption": "{}EncryptionConfiguration",
    "intelligent-tiering": "{}IntelligentTieringConfiguration",
    "inventory": "{}InventoryConfiguration",
    "lifecycle": "{}LifecycleConfiguration",
    "location": "{}BucketLocation",
    "logging": "{}BucketLogging",
    "metrics": "{}MetricsConfiguration",
    "notification": "{}BucketNotification",
    "object-lock": "{}BucketObjectLockConfiguration",
    "ownershipControls": "{}BucketOwnershipControls",
    "policy": "{}BucketPolicy",
    "policyStatus": "{}BucketPolicyStatus",
    "publicAccessBlock": "{}BucketPublicAccessBlock",
    "replication": "{}ReplicationConfiguration",
    "requestPayment": "{}BucketRequestPayment",
    "tagging": "{}BucketTagging",
    "uploads": "ListBucketMultipartUploads",
    "versioning": "{}BucketVersioning",
    "versions": "ListBucketVersions",
    "website": "{}BucketWebsite",
}
S3_DELETE = {"policy": "DeleteBucketPolicy", "website": "DeleteBucketWebsite"}
S3_PLAIN = {"HEAD": "ListBucket", "GET": "ListBucket", "PUT": "CreateBucket", "DELETE": "DeleteBucket"}

APIGATEWAY_VERBS = {
    "Create": "POST", "Import": "POST", "Tag": "POST", "Put": "PUT", "Update": "PATCH",
    "Delete": "DELETE", "Untag": "DELETE", "Flush": "DELETE", "Get": "GET", "List": "GET",
    "Export": "GET",
}
SERVICES = {"monitoring": "cloudwatch"}
ALIASES = {"lambda:Invoke": "lambda:InvokeFunction"}


def s3_bucket_action(method, query):
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name in S3_BUCKET and not value or name in ("analytics", "inventory", "metrics"):
            if method == "DELETE" and name in S3_DELETE:
                return S3_DELETE[name]
            return S3_BUCKET[name].format("Get" if method in ("GET", "HEAD") else "Put")
    return S3_PLAIN.get(method)


def iam_action(action, method, path, resource):
    """IAM's name for what moto calls by the API's operation."""
    service, _, operation = action.partition(":")
    service = SERVICES.get(service, service)
    operation = re.sub(r"\d{4}_\d{2}_\d{2}$", "", operation)
    if service == "s3" and "/" not in resource and operation != "ListAllMyBuckets":
        operation = s3_bucket_action(method, urlsplit(path).query) or operation
    elif service == "apigateway":
        verb = re.match("[A-Z][a-z]+", operation)
        operation = APIGATEWAY_VERBS.get(verb[0], operation) if verb else operation
    return ALIASES.get(f"{service}:{operation}", f"{service}:{operation}")


def checked_and_logged(original, log):
    """Wraps IAMRequestBase.check_action_permitted; one write a line keeps lines whole."""

    def check(self, resource):
        self._action = iam_action(self._action, self._method, self._path, resource)
        allowed = False
        try:
            original(self, resource)
            allowed = True
        finally:
            if log is not None:
                line = {"principal": self._access_key.arn, "action": self._action,
                        "resource": resource, "allowed": allowed}
                os.write(log, (json.dumps(line) + "\n").encode())

    return check


def mend(log_path):
    log = os.open(log_path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600) if log_path else None
    access_control.IAMPolicyStatement.is_action_permitted = is_action_permitted
    base = access_control.IAMRequestBase
    base.check_action_permitted = checked_and_logged(base.check_action_permitted, log)
