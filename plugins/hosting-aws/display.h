/* What people call the services of AWS. [any-thread] */
#ifndef FRACTARY_HOSTING_AWS_DISPLAY_H
#define FRACTARY_HOSTING_AWS_DISPLAY_H

/* "CloudWatch Logs" for "aws_cloudwatch_log_group"; NULL for a type that is not
 * AWS's or of a service that has no row. */
const char *fr_aws_display_service(const char *type);

#endif
