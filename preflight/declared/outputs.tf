output "declared" {
  description = "What one environment's tfvars declare, and the names that modules/names makes of it."
  value = {
    account_ids   = module.names.account_ids
    functions     = values(module.names.function_names)
    labels        = module.names.labels
    models        = var.service.models
    multi_regions = var.multi_regions
    names         = { artifact_bucket = module.names.artifact_bucket, selector = module.names.selector, state_buckets = module.names.state_buckets }
    project       = var.project
    regions       = var.service.regions
    service       = var.service.name
    settings      = module.names.settings
    state_project = var.state_project
    sides         = module.names.sides
    worker_pools  = { for side, pool in var.service.worker_pools : side => pool if pool != null }
  }
}
