environment        = "test"
log_retention_days = 7
