resource "google_cloud_scheduler_job" "pipelines" {
  attempt_deadline = "180s"
  description      = "Starts a pipeline run, if the selector names this side."
  name             = var.name
  paused           = var.paused
  project          = var.project
  region           = var.region
  schedule         = var.schedule.cron
  time_zone        = var.schedule.time_zone

  http_target {
    http_method = "POST"
    uri         = var.function.url

    oidc_token {
      audience              = var.function.url
      service_account_email = var.function.identity
    }
  }
}
