resource "google_cloud_scheduler_job" "schedule" {
  count = var.schedule == null ? 0 : 1

  attempt_deadline = "${max(15, var.limits.timeout_seconds)}s"
  description      = "Calls ${var.name}."
  name             = var.name
  project          = var.project
  region           = var.region
  schedule         = var.schedule.cron
  time_zone        = var.schedule.time_zone

  http_target {
    http_method = "POST"
    uri         = google_cloudfunctions2_function.control.service_config[0].uri

    oidc_token {
      audience              = google_cloudfunctions2_function.control.service_config[0].uri
      service_account_email = var.identity
    }
  }

  depends_on = [google_cloud_run_v2_service_iam_member.grant] # the first tick must not be turned away
}
