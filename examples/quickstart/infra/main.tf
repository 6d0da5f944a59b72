data "aws_caller_identity" "current" {}

locals {
  name          = "${var.project}-${var.environment}"
  function_name = "${local.name}-api"
}

# ------------------------------------------------------------- attachments

# Bucket names are shared by all accounts, so the account's number is in it.
resource "aws_s3_bucket" "attachments" {
  bucket = "${local.name}-attachments-${data.aws_caller_identity.current.account_id}"
}

resource "aws_s3_bucket_versioning" "attachments" {
  bucket = aws_s3_bucket.attachments.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "attachments" {
  bucket = aws_s3_bucket.attachments.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "attachments" {
  bucket = aws_s3_bucket.attachments.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# -------------------------------------------------------------------- notes

resource "aws_dynamodb_table" "notes" {
  name         = "${local.name}-notes"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "author"
  range_key    = "created_at"

  attribute {
    name = "author"
    type = "S"
  }

  attribute {
    name = "created_at"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }
}

resource "aws_ssm_parameter" "note_size_limit" {
  name        = "/${var.project}/${var.environment}/note-size-limit"
  description = "Largest note in bytes"
  type        = "String"
  value       = tostring(var.note_size_limit)
}

# ----------------------------------------------------------------- function

# Made here and not by the function's first run, so that it has an end.
resource "aws_cloudwatch_log_group" "api" {
  name              = "/aws/lambda/${local.function_name}"
  retention_in_days = var.log_retention_days
}

resource "aws_iam_role" "api" {
  name        = local.function_name
  description = "What the function ${local.function_name} runs as"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "api" {
  name = "use-notes"
  role = aws_iam_role.api.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Notes"
        Effect   = "Allow"
        Action   = ["dynamodb:PutItem", "dynamodb:Query"]
        Resource = aws_dynamodb_table.notes.arn
      },
      {
        Sid      = "Attachments"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject"]
        Resource = "${aws_s3_bucket.attachments.arn}/*"
      },
      {
        Sid      = "Settings"
        Effect   = "Allow"
        Action   = "ssm:GetParameter"
        Resource = aws_ssm_parameter.note_size_limit.arn
      },
      {
        Sid      = "Log"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.api.arn}:*"
      },
    ]
  })
}

resource "aws_lambda_function" "api" {
  function_name = local.function_name
  description   = "Stores and lists notes"
  role          = aws_iam_role.api.arn
  runtime       = "python3.12"
  handler       = "index.handler"
  memory_size   = var.function_memory
  timeout       = 10

  # Made by `make` beside this folder from function/index.py.
  filename         = "${path.module}/function.zip"
  source_code_hash = filebase64sha256("${path.module}/function.zip")

  environment {
    variables = {
      NOTES_TABLE       = aws_dynamodb_table.notes.name
      ATTACHMENT_BUCKET = aws_s3_bucket.attachments.bucket
      SIZE_PARAMETER    = aws_ssm_parameter.note_size_limit.name
    }
  }

  depends_on = [aws_iam_role_policy.api, aws_cloudwatch_log_group.api]
}
