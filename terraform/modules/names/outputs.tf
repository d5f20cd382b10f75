output "account_ids" {
  description = "Service account id of each entry point, of builds and of pipeline runs, by side."
  value       = local.account_ids

  precondition {
    condition     = alltrue(flatten([for ids in values(local.account_ids) : [for id in values(ids) : length(id) >= 6 && length(id) <= 30]]))
    error_message = "service account ids must have 6 to 30 characters, got ${join(", ", flatten([for ids in values(local.account_ids) : [for id in values(ids) : id if length(id) < 6 || length(id) > 30]]))}; shorten prefix."
  }
}

output "artifact_bucket" {
  description = "Name of the dual-region bucket that both sides share."
  value       = local.artifact_bucket

  precondition {
    condition     = length(local.artifact_bucket) <= 63
    error_message = "a bucket name ends at 63 characters, got ${local.artifact_bucket}, ${length(local.artifact_bucket)} long."
  }
}

output "emails" {
  description = "E-mail address of each identity in account_ids, by side, whether the account exists yet or not."
  value       = local.emails
}

output "endpoint_id" {
  description = "Numeric id of the service's Vertex AI endpoint, the same in both regions."
  value       = local.endpoint_id
}

output "function_names" {
  description = "Name of the function, and of its scheduler job, by entry point."
  value       = local.function_names
}

output "function_repository" {
  description = "Id of the repository of the functions' containers, the same in both regions."
  value       = local.function_repository
}

output "image_repository" {
  description = "Id of the image repository, the same in both regions."
  value       = local.image_repository
}

output "labels" {
  description = "Labels of everything that can carry labels."
  value       = local.labels
}

output "pipeline_repository" {
  description = "Id of the pipeline repository, the same in both regions."
  value       = local.pipeline_repository
}

output "policy" {
  description = "Thresholds and objectives with their defaults, times in seconds."
  value       = var.policy
}

output "selector" {
  description = "Names of the selector's database and of the secret that holds its copies."
  value = {
    database = local.selector_database
    secret   = local.selector_secret
  }
}

output "settings" {
  description = "Environment of the side's functions without the hand-over addresses; null where side is null."
  value       = local.settings
}

output "sides" {
  description = "Region, buckets, repositories and endpoint id of each side."
  value       = local.sides

  precondition {
    condition     = alltrue([for side in values(local.sides) : length(side.staging_bucket) <= 63])
    error_message = "a bucket name ends at 63 characters, got ${join(" and ", [for side in values(local.sides) : side.staging_bucket])}."
  }
}

output "state_buckets" {
  description = "Name of the Terraform state bucket of global and of each side; scripts/bootstrap makes them."
  value       = local.state_buckets

  precondition {
    condition     = alltrue([for bucket in values(local.state_buckets) : length(bucket) <= 63])
    error_message = "a bucket name ends at 63 characters, got ${join(" and ", values(local.state_buckets))}."
  }
}
