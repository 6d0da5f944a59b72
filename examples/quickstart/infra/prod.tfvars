environment        = "prod"
log_retention_days = 90
function_memory    = 256
