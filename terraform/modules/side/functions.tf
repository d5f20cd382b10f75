module "entry_points" {
  source = "../functions"
}

locals {
  # A cold start takes ten seconds or more: an objective that leaves time for it needs no instance that waits for calls.
  stays_warm = module.names.policy.rto_objective_seconds < 60

  functions = {
    for name, function in module.entry_points.functions : name => {
      cron = lookup(var.service.schedules, name, function.schedule)
      iam = merge(
        { for caller in function.callers : caller => { member = local.own[caller], role = "roles/run.invoker" } },
        function.follows_pipelines ? { schedule = { member = local.own[name], role = "roles/run.invoker" } } : {}, # pipelines.tf makes the schedule
      )
      identity    = module.names.emails[var.side][name]
      ingress     = function.ingress
      level       = function.level
      limits      = { for limit, value in function.limits : limit => value if limit != "min_instances" || local.stays_warm }
      name        = module.names.function_names[name]
      rests       = function.follows_pipelines
      url_setting = function.url_setting
    }
  }

  build = {
    identity    = module.names.emails[var.side].builds
    repository  = module.function_containers.name
    worker_pool = var.service.worker_pools[var.side]
  }

  # The chain of hand-overs, last receiver first, so that each sender knows its receiver's address: hand_overs.tf of
  # modules/functions says why each link is a module call of its own.
  urls_of_ends   = { for name, function in module.ends : local.functions[name].url_setting => function.url }
  urls_of_relays = { for name, function in module.relays : local.functions[name].url_setting => function.url }
  settings       = merge(module.names.settings, local.urls_of_ends, local.urls_of_relays)
}

module "ends" {
  source   = "../control-function"
  for_each = { for name, function in local.functions : name => function if function.level == "end" }

  build       = local.build
  bundle      = local.bundle
  entry_point = each.key
  environment = module.names.settings
  iam         = each.value.iam
  identity    = each.value.identity
  ingress     = each.value.ingress
  labels      = module.names.labels
  limits      = each.value.limits
  name        = each.value.name
  project     = var.project
  region      = local.side.region
}

module "relays" {
  source   = "../control-function"
  for_each = { for name, function in local.functions : name => function if function.level == "relay" }

  build       = local.build
  bundle      = local.bundle
  entry_point = each.key
  environment = merge(module.names.settings, local.urls_of_ends)
  iam         = each.value.iam
  identity    = each.value.identity
  ingress     = each.value.ingress
  labels      = module.names.labels
  limits      = each.value.limits
  name        = each.value.name
  project     = var.project
  region      = local.side.region
}

module "starts" {
  source   = "../control-function"
  for_each = { for name, function in local.functions : name => function if function.level == "start" }

  build       = local.build
  bundle      = local.bundle
  entry_point = each.key
  environment = local.settings
  iam         = each.value.iam
  identity    = each.value.identity
  ingress     = each.value.ingress
  labels      = module.names.labels
  limits      = each.value.limits
  name        = each.value.name
  project     = var.project
  region      = local.side.region
  schedule    = each.value.rests || each.value.cron == null ? null : { cron = each.value.cron }
}
