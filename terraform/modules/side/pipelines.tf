locals {
  pipelines_rest = var.pipelines_run_on != var.side
}

module "pipeline_schedule" {
  source = "../pipeline-schedule"

  function = {
    identity = module.names.emails[var.side].run_pipelines
    url      = module.functions["run_pipelines"].url
  }
  name     = module.names.function_names.run_pipelines
  paused   = local.pipelines_rest
  project  = var.project
  region   = local.place.region
  schedule = { cron = var.service.schedules.run_pipelines }
}
