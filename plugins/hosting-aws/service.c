#include "service.h"

const fr_aws_service fr_aws_dynamodb = {"dynamodb", "dynamodb", FR_AWS_JSON_1_0,
                                        "DynamoDB_20120810", 0};
const fr_aws_service fr_aws_ec2 = {"ec2", "ec2", FR_AWS_QUERY, "2016-11-15", 0};
const fr_aws_service fr_aws_iam = {"iam", "iam", FR_AWS_QUERY, "2010-05-08", 1};
const fr_aws_service fr_aws_kms = {"kms", "kms", FR_AWS_JSON_1_1, "TrentService", 0};
const fr_aws_service fr_aws_lambda = {"lambda", "lambda", FR_AWS_REST_JSON, NULL, 0};
const fr_aws_service fr_aws_logs = {"logs", "cloudwatch_logs", FR_AWS_JSON_1_1, "Logs_20140328", 0};
const fr_aws_service fr_aws_s3 = {"s3", "s3", FR_AWS_REST_XML, NULL, 0};
const fr_aws_service fr_aws_secretsmanager = {"secretsmanager", "secrets_manager", FR_AWS_JSON_1_1,
                                              "secretsmanager", 0};
const fr_aws_service fr_aws_sns = {"sns", "sns", FR_AWS_QUERY, "2010-03-31", 0};
const fr_aws_service fr_aws_sqs = {"sqs", "sqs", FR_AWS_JSON_1_0, "AmazonSQS", 0};
const fr_aws_service fr_aws_ssm = {"ssm", "ssm", FR_AWS_JSON_1_1, "AmazonSSM", 0};
const fr_aws_service fr_aws_sts_service = {"sts", "sts", FR_AWS_QUERY, "2011-06-15", 0};

/* In the order of the alphabet. */
static const char *const ids[] = {
    "accessanalyzer", "account", "acm", "acm_pca", "amp", "amplify", "api_gateway",
    "apigatewaymanagementapi", "apigatewayv2", "appconfig", "appflow", "app_mesh",
    "application_auto_scaling", "application_insights", "apprunner", "appstream", "appsync",
    "athena", "auditmanager", "auto_scaling", "auto_scaling_plans", "backup", "batch", "bedrock",
    "bedrock_agent", "budgets", "chatbot", "chime", "cleanrooms", "cloud9", "cloudcontrol",
    "cloudformation", "cloudfront", "cloudfront_keyvaluestore", "cloudhsm_v2", "cloudsearch",
    "cloudtrail", "cloudwatch", "cloudwatch_logs", "codeartifact", "codebuild", "codecatalyst",
    "codecommit", "codeconnections", "codedeploy", "codeguruprofiler", "codeguru_reviewer",
    "codepipeline", "codestar_connections", "codestar_notifications", "cognito_identity",
    "cognito_identity_provider", "comprehend", "compute_optimizer", "config_service", "connect",
    "controltower", "cost_and_usage_report_service", "cost_explorer", "customer_profiles",
    "database_migration_service", "databrew", "dataexchange", "data_pipeline", "datasync",
    "datazone", "dax", "detective", "device_farm", "direct_connect", "directory_service", "dlm",
    "docdb", "docdb_elastic", "drs", "dynamodb", "ec2", "ecr", "ecr_public", "ecs", "efs", "eks",
    "elastic_beanstalk", "elastic_load_balancing", "elastic_load_balancing_v2", "elasticache",
    "elasticsearch_service", "emr", "emr_containers", "emr_serverless", "eventbridge",
    "finspace", "firehose", "fis", "fms", "fsx", "gamelift", "glacier", "global_accelerator",
    "glue", "grafana", "greengrass", "groundstation", "guardduty", "healthlake", "iam",
    "identitystore", "imagebuilder", "inspector", "inspector2", "internetmonitor", "iot",
    "iot_events", "ivs", "ivschat", "kafka", "kafkaconnect", "kendra", "keyspaces", "kinesis",
    "kinesis_analytics", "kinesis_analytics_v2", "kinesis_video", "kms", "lakeformation", "lambda",
    "launch_wizard", "lex_model_building_service", "lex_models_v2", "license_manager", "lightsail",
    "location", "macie2", "mediaconnect", "mediaconvert", "medialive", "mediapackage",
    "mediapackagev2", "mediastore", "memorydb", "mq", "mwaa", "neptune", "neptune_graph",
    "network_firewall", "networkmanager", "networkmonitor", "oam", "opensearch",
    "opensearchserverless", "organizations", "osis", "outposts", "payment_cryptography",
    "pca_connector_ad",
    "pinpoint", "pinpoint_sms_voice_v2", "pipes", "polly", "pricing", "qbusiness", "quicksight",
    "ram", "rbin", "rds", "rds_data", "redshift", "redshift_data", "redshift_serverless",
    "rekognition", "resiliencehub", "resource_explorer_2", "resource_groups",
    "resource_groups_tagging_api", "rolesanywhere", "route53_recovery_control_config",
    "route53_recovery_readiness", "route53profiles", "route53resolver", "route_53",
    "route_53_domains", "rum", "s3", "s3_control", "s3outposts", "s3tables", "sagemaker",
    "scheduler", "schemas", "secrets_manager", "securityhub", "securitylake",
    "serverlessapplicationrepository", "service_catalog", "service_catalog_appregistry",
    "service_quotas", "servicediscovery", "ses", "sesv2", "sfn", "shield", "signer", "sns", "sqs",
    "ssm", "ssm_contacts", "ssm_incidents", "ssm_quicksetup", "ssm_sap", "sso", "sso_admin",
    "sso_oidc", "storage_gateway", "sts", "swf", "synthetics", "timestream_influxdb",
    "timestream_query", "timestream_write", "transcribe", "transfer", "verifiedpermissions",
    "vpc_lattice", "waf", "waf_regional", "wafv2", "wellarchitected", "workspaces",
    "workspaces_web", "xray",
};

const char *fr_aws_service_id(size_t index)
{
    return index < sizeof ids / sizeof *ids ? ids[index] : NULL;
}
