#include "display.h"

#include <fractary-plugin/str.h>
#include <stddef.h>

/* How types begin, behind "aws_"; what is longer stands before what it begins
 * with. */
static const struct row {
    const char *prefix, *service;
} rows[] = {
    {"acm_", "Certificate Manager"},
    {"alb", "Elastic Load Balancing"},
    {"ami", "EC2"},
    {"api_gateway_", "API Gateway"},
    {"apigatewayv2_", "API Gateway"},
    {"appautoscaling_", "Application Auto Scaling"},
    {"apprunner_", "App Runner"},
    {"appsync_", "AppSync"},
    {"athena_", "Athena"},
    {"autoscaling_", "Auto Scaling"},
    {"backup_", "Backup"},
    {"batch_", "Batch"},
    {"bedrock", "Bedrock"},
    {"budgets_", "Budgets"},
    {"cloudformation_", "CloudFormation"},
    {"cloudfront_", "CloudFront"},
    {"cloudtrail", "CloudTrail"},
    {"cloudwatch_event_", "EventBridge"},
    {"cloudwatch_log_", "CloudWatch Logs"},
    {"cloudwatch_", "CloudWatch"},
    {"codebuild_", "CodeBuild"},
    {"codedeploy_", "CodeDeploy"},
    {"codepipeline", "CodePipeline"},
    {"cognito_", "Cognito"},
    {"config_", "Config"},
    {"customer_gateway", "VPC"},
    {"db_", "RDS"},
    {"default_", "VPC"},
    {"docdb_", "DocumentDB"},
    {"dynamodb_", "DynamoDB"},
    {"ebs_", "EC2"},
    {"ec2_", "EC2"},
    {"ecr_", "ECR"},
    {"ecs_", "ECS"},
    {"efs_", "EFS"},
    {"egress_only_internet_gateway", "VPC"},
    {"eip", "VPC"},
    {"eks_", "EKS"},
    {"elasticache_", "ElastiCache"},
    {"elb", "Elastic Load Balancing"},
    {"flow_log", "VPC"},
    {"glue_", "Glue"},
    {"guardduty_", "GuardDuty"},
    {"iam_", "IAM"},
    {"instance", "EC2"},
    {"internet_gateway", "VPC"},
    {"key_pair", "EC2"},
    {"kinesis_firehose_", "Data Firehose"},
    {"kinesis_", "Kinesis"},
    {"kms_", "KMS"},
    {"lambda_", "Lambda"},
    {"launch_", "EC2"},
    {"lb", "Elastic Load Balancing"},
    {"main_route_table_", "VPC"},
    {"mq_", "MQ"},
    {"msk_", "MSK"},
    {"nat_gateway", "VPC"},
    {"neptune_", "Neptune"},
    {"network_acl", "VPC"},
    {"network_interface", "VPC"},
    {"opensearch", "OpenSearch"},
    {"organizations_", "Organizations"},
    {"pipes_", "EventBridge Pipes"},
    {"placement_group", "EC2"},
    {"rds_", "RDS"},
    {"redshift", "Redshift"},
    {"route53", "Route 53"},
    {"route", "VPC"},
    {"s3", "S3"},
    {"sagemaker_", "SageMaker"},
    {"scheduler_", "EventBridge Scheduler"},
    {"secretsmanager_", "Secrets Manager"},
    {"security_group", "VPC"},
    {"ses", "SES"},
    {"sfn_", "Step Functions"},
    {"sns_", "SNS"},
    {"spot_", "EC2"},
    {"sqs_", "SQS"},
    {"ssm_parameter", "SSM Parameter Store"},
    {"ssm_", "Systems Manager"},
    {"subnet", "VPC"},
    {"transfer_", "Transfer Family"},
    {"volume_", "EC2"},
    {"vpc", "VPC"},
    {"vpn_", "VPC"},
    {"waf", "WAF"},
};

const char *fr_aws_display_service(const char *type)
{
    if (!fr_str_starts(type, "aws_"))
        return NULL;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (fr_str_starts(type + 4, rows[i].prefix))
            return rows[i].service;
    return NULL;
}
