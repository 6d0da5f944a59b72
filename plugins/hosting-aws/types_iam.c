/* IAM: roles, policies, users, and what ties them together. */
#include "types.h"

#define PAGE(what) "https://<console>/iam/home#/" what

static const fr_aws_type rows[] = {
    {
        .type = "aws_iam_role",
        .service = &fr_aws_iam,
        .operation = "GetRole",
        .input = "RoleName=<name|id>",
        .item = "GetRoleResult/Role",
        .same = "Arn=<arn> & RoleId=<unique_id>",
        .gone = "NoSuchEntity",
        .console = PAGE("roles/details/<name|id>"),
    },
    {
        .type = "aws_iam_role_policy",
        .service = &fr_aws_iam,
        .operation = "GetRolePolicy",
        .input = "RoleName=<role>&PolicyName=<name>",
        .item = "GetRolePolicyResult",
        .same = "PolicyName=<name>",
        .gone = "NoSuchEntity",
        .console = PAGE("roles/details/<role>/editPolicy/<name>"),
    },
    {
        .type = "aws_iam_role_policy_attachment",
        .service = &fr_aws_iam,
        .operation = "ListAttachedRolePolicies",
        .input = "RoleName=<role>",
        .item = "ListAttachedRolePoliciesResult/AttachedPolicies/member",
        .match = "PolicyArn=<policy_arn>",
        .gone = "NoSuchEntity",
        .next_out = "ListAttachedRolePoliciesResult/Marker",
        .next_in = "Marker",
        .console = PAGE("roles/details/<role>"),
    },
    {
        .type = "aws_iam_policy",
        .service = &fr_aws_iam,
        .operation = "GetPolicy",
        .input = "PolicyArn=<arn|id>",
        .item = "GetPolicyResult/Policy",
        .same = "PolicyId=<policy_id>",
        .gone = "NoSuchEntity",
        .console = PAGE("policies/details/<arn|id>"),
    },
    {
        .type = "aws_iam_user",
        .service = &fr_aws_iam,
        .operation = "GetUser",
        .input = "UserName=<name|id>",
        .item = "GetUserResult/User",
        .same = "Arn=<arn> & UserId=<unique_id>",
        .gone = "NoSuchEntity",
        .console = PAGE("users/details/<name|id>"),
    },
    {
        .type = "aws_iam_instance_profile",
        .service = &fr_aws_iam,
        .operation = "GetInstanceProfile",
        .input = "InstanceProfileName=<name|id>",
        .item = "GetInstanceProfileResult/InstanceProfile",
        .same = "Arn=<arn> & InstanceProfileId=<unique_id>",
        .gone = "NoSuchEntity",
        .console = NULL,
    },
};

const fr_aws_types fr_aws_types_iam = {rows, sizeof rows / sizeof *rows};
