variable "project" {
  description = "Name of the project; the first part of every resource's name"
  type        = string
  default     = "notes"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,19}$", var.project))
    error_message = "The project's name must have 2 to 20 characters: a-z, 0-9 and -, a letter first."
  }
}

variable "environment" {
  description = "Environment that is deployed, such as test or prod"
  type        = string

  validation {
    condition     = contains(["test", "prod"], var.environment)
    error_message = "The environment must be test or prod."
  }
}

variable "region" {
  description = "AWS region of all resources"
  type        = string
  default     = "eu-central-1"
}

variable "log_retention_days" {
  description = "Days after which the function's log lines are deleted"
  type        = number
  default     = 14

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 180, 365], var.log_retention_days)
    error_message = "CloudWatch Logs keeps lines for 1, 3, 5, 7, 14, 30, 60, 90, 180 or 365 days."
  }
}

variable "function_memory" {
  description = "Memory of the function in MB"
  type        = number
  default     = 128

  validation {
    condition     = var.function_memory >= 128 && var.function_memory <= 3008
    error_message = "The function's memory must be between 128 and 3008 MB."
  }
}

variable "note_size_limit" {
  description = "Largest note in bytes; the function reads it when it starts"
  type        = number
  default     = 4096
}
