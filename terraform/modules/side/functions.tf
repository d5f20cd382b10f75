locals {
  # Calls that hand over, last receiver first, so that each sender knows its receiver's address:
  # probe_region → assess_regions → fail_over.
  settings = merge(module.names.settings, {
    VERTEX_DR_ASSESS_URL    = module.assess_regions.url
    VERTEX_DR_FAIL_OVER_URL = module.fail_over.url
  })

  functions = {
    export_models     = { memory = "1G", timeout_seconds = 1800 }
    import_models     = { memory = "1G", timeout_seconds = 1800 }
    mirror_images     = { memory = "1G", timeout_seconds = 1800 }
    probe_region      = { max_instances = 2, min_instances = 1, timeout_seconds = 75 } # one minute's probe ends while the next starts
    publish_pipelines = {}
    reconcile_models  = { timeout_seconds = 1800 } # a deployment takes minutes
    run_pipelines     = {}
    verify_replicas   = { memory = "1G" }
  }
}

module "fail_over" {
  source = "../control-function"

  builder = module.names.emails[var.side].builds
  bundle  = local.bundle
  iam = {
    assess_regions = { member = local.own.assess_regions, role = "roles/run.invoker" }
    probe_region   = { member = local.own.probe_region, role = "roles/run.invoker" } # when assess_regions is away
  }
  entry_point = "fail_over"
  environment = module.names.settings
  ingress     = "ALLOW_ALL"
  identity    = module.names.emails[var.side].fail_over
  labels      = module.names.labels
  limits      = { min_instances = 1, timeout_seconds = 120 }
  name        = module.names.function_names.fail_over
  project     = var.project
  region      = local.place.region
}

module "assess_regions" {
  source = "../control-function"

  builder     = module.names.emails[var.side].builds
  bundle      = local.bundle
  iam         = { probe_region = { member = local.own.probe_region, role = "roles/run.invoker" } }
  entry_point = "assess_regions"
  environment = merge(module.names.settings, { VERTEX_DR_FAIL_OVER_URL = module.fail_over.url })
  ingress     = "ALLOW_ALL"
  identity    = module.names.emails[var.side].assess_regions
  labels      = module.names.labels
  limits      = { max_instances = 2, min_instances = 1, timeout_seconds = 120 }
  name        = module.names.function_names.assess_regions
  project     = var.project
  region      = local.place.region
}

module "functions" {
  source   = "../control-function"
  for_each = local.functions

  builder     = module.names.emails[var.side].builds
  bundle      = local.bundle
  iam         = each.key == "run_pipelines" ? { schedule = { member = local.own.run_pipelines, role = "roles/run.invoker" } } : {}
  entry_point = each.key
  environment = local.settings
  identity    = module.names.emails[var.side][each.key]
  labels      = module.names.labels
  limits      = each.value
  name        = module.names.function_names[each.key]
  project     = var.project
  region      = local.place.region
  schedule    = each.key == "run_pipelines" || var.service.schedules[each.key] == null ? null : { cron = var.service.schedules[each.key] }
}
