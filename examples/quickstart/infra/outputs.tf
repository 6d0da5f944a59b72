output "attachment_bucket" {
  description = "Name of the bucket that holds what is attached to notes"
  value       = aws_s3_bucket.attachments.bucket
}

output "notes_table" {
  description = "Name of the table of notes"
  value       = aws_dynamodb_table.notes.name
}

output "function_arn" {
  description = "ARN of the function, for whoever invokes it"
  value       = aws_lambda_function.api.arn
}
