locals {
  pipelines_rest = var.pipelines_run_on != var.side
}

module "pipeline_schedule" {
  source   = "../pipeline-schedule"
  for_each = { for name, function in local.functions : name => function if function.rests && function.cron != null }

  function = {
    identity = each.value.identity
    url      = module.starts[each.key].url
  }
  name     = each.value.name
  paused   = local.pipelines_rest
  project  = var.project
  region   = local.side.region
  schedule = { cron = each.value.cron }
}
