# One of each type that hosting-aws can check, but for those that the provider
# waits for too long on a test cloud.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  s3_use_path_style       = true
  skip_metadata_api_check = true
  max_retries             = 1
}

# ------------------------------------------------------------------- values

resource "terraform_data" "note" {}

# ----------------------------------------------------------------------- S3

resource "aws_s3_bucket" "data" {
  bucket = "types-data"
}

resource "aws_s3_bucket_versioning" "data" {
  bucket = aws_s3_bucket.data.id
  versioning_configuration { status = "Enabled" }
}

resource "aws_s3_bucket" "plain" {
  bucket = "types-plain"
}

# Versioning that was never on: S3 answers with nothing, and that is right.
resource "aws_s3_bucket_versioning" "plain" {
  bucket = aws_s3_bucket.plain.id
  versioning_configuration { status = "Disabled" }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "data" {
  bucket = aws_s3_bucket.data.id
  rule {
    apply_server_side_encryption_by_default { sse_algorithm = "AES256" }
  }
}

resource "aws_s3_bucket_public_access_block" "data" {
  bucket                  = aws_s3_bucket.data.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "data" {
  bucket = aws_s3_bucket.data.id
  rule { object_ownership = "BucketOwnerEnforced" }
}

resource "aws_s3_bucket_policy" "plain" {
  bucket = aws_s3_bucket.plain.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::123456789012:root" }
      Action    = "s3:GetObject"
      Resource  = "${aws_s3_bucket.plain.arn}/*"
    }]
  })
}

resource "aws_s3_object" "file" {
  bucket  = aws_s3_bucket.data.id
  key     = "in/a b+c.txt"
  content = "text"
}

# ---------------------------------------------------------------------- IAM

resource "aws_iam_role" "app" {
  name = "types-app"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "app" {
  name   = "inline"
  role   = aws_iam_role.app.id
  policy = data.aws_iam_policy_document.read.json
}

data "aws_iam_policy_document" "read" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "read" {
  name   = "types-read"
  path   = "/apps/"
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_role_policy_attachment" "app" {
  role       = aws_iam_role.app.name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_user" "robot" {
  name = "types-robot"
}

resource "aws_iam_user_policy" "robot" {
  name   = "inline"
  user   = aws_iam_user.robot.name
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_user_policy_attachment" "robot" {
  user       = aws_iam_user.robot.name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_group" "robots" {
  name = "types-robots"
}

resource "aws_iam_group_policy_attachment" "robots" {
  group      = aws_iam_group.robots.name
  policy_arn = aws_iam_policy.read.arn
}

resource "aws_iam_instance_profile" "node" {
  name = "types-node"
  role = aws_iam_role.app.name
}

# ------------------------------------------------- functions, tables, topics

resource "aws_dynamodb_table" "orders" {
  name         = "types-orders"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_lambda_function" "app" {
  function_name = "types-app"
  role          = aws_iam_role.app.arn
  runtime       = "python3.12"
  handler       = "index.handler"
  filename      = "${path.module}/function.zip"
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.app.function_name
  function_version = "$LATEST"
}

resource "aws_lambda_permission" "events" {
  statement_id  = "by-events"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.app.function_name
  principal     = "events.amazonaws.com"
}

resource "aws_sqs_queue" "orders" {
  name = "types-orders"
}

resource "aws_sns_topic" "orders" {
  name = "types-orders"
}

resource "aws_sns_topic_subscription" "orders" {
  topic_arn = aws_sns_topic.orders.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.orders.arn
}

# ------------------------------------------- logs, parameters, keys, secrets

resource "aws_cloudwatch_log_group" "app" {
  name = "/types/app"
}

# Its name begins as the other's does.
resource "aws_cloudwatch_log_group" "app_more" {
  name = "/types/app-more"
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "types-errors"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "Errors"
  namespace           = "AWS/Lambda"
  period              = 60
  statistic           = "Sum"
  threshold           = 1
}

resource "aws_ssm_parameter" "size" {
  name  = "/types/size"
  type  = "String"
  value = "1"
}

resource "aws_kms_key" "data" {
  deletion_window_in_days = 7
}

resource "aws_kms_alias" "data" {
  name          = "alias/types-data"
  target_key_id = aws_kms_key.data.key_id
}

resource "aws_secretsmanager_secret" "token" {
  name                    = "types-token"
  recovery_window_in_days = 0
}

resource "aws_secretsmanager_secret_version" "token" {
  secret_id     = aws_secretsmanager_secret.token.id
  secret_string = "not a secret"
}

# ------------------------------------------------------------------ network

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "main" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route_table_association" "main" {
  subnet_id      = aws_subnet.main.id
  route_table_id = aws_route_table.main.id
}

resource "aws_route" "out" {
  route_table_id         = aws_route_table.main.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.main.id
}

resource "aws_network_acl" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_security_group" "app" {
  name   = "types-app"
  vpc_id = aws_vpc.main.id
}

resource "aws_security_group_rule" "one" {
  type              = "ingress"
  security_group_id = aws_security_group.app.id
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = ["10.0.0.0/16"]
}

# Two ranges are two rules for AWS and one resource for Terraform.
resource "aws_security_group_rule" "two" {
  type              = "ingress"
  security_group_id = aws_security_group.app.id
  protocol          = "tcp"
  from_port         = 80
  to_port           = 80
  cidr_blocks       = ["10.1.0.0/16", "10.2.0.0/16"]
}

resource "aws_vpc_security_group_ingress_rule" "app" {
  security_group_id = aws_security_group.app.id
  ip_protocol       = "tcp"
  from_port         = 8080
  to_port           = 8080
  cidr_ipv4         = "10.0.0.0/16"
}

resource "aws_vpc_security_group_egress_rule" "app" {
  security_group_id = aws_security_group.app.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_eip" "nat" {
  domain = "vpc"
}

resource "aws_nat_gateway" "main" {
  allocation_id = aws_eip.nat.id
  subnet_id     = aws_subnet.main.id
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id       = aws_vpc.main.id
  service_name = "com.amazonaws.eu-central-1.s3"
}

# ----------------------------------------------------------------- machines

resource "aws_ebs_volume" "data" {
  availability_zone = "eu-central-1a"
  size              = 1
}

resource "aws_launch_template" "node" {
  name          = "types-node"
  instance_type = "t3.micro"
}
