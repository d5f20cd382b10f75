mock_provider "google" {}

variables {
  function = {
    identity = "vdr-dr-run-pipelines@demo.iam.gserviceaccount.com"
    url      = "https://vdr-run-pipelines-abc-ew.a.run.app"
  }
  name    = "vdr-run-pipelines"
  paused  = true
  project = "demo"
  region  = "europe-west1"
}

run "a_resting_schedule_is_paused_not_absent" {
  assert {
    condition     = google_cloud_scheduler_job.pipelines.paused
    error_message = "the schedule fires on the side that does not run pipelines"
  }
}

run "the_token_is_for_the_function_and_nothing_else" {
  assert {
    condition     = google_cloud_scheduler_job.pipelines.http_target[0].oidc_token[0].audience == var.function.url
    error_message = "audience is ${google_cloud_scheduler_job.pipelines.http_target[0].oidc_token[0].audience}"
  }
  assert {
    condition     = google_cloud_scheduler_job.pipelines.http_target[0].oidc_token[0].service_account_email == var.function.identity
    error_message = "caller is ${google_cloud_scheduler_job.pipelines.http_target[0].oidc_token[0].service_account_email}"
  }
}

run "a_schedule_of_four_fields_is_refused" {
  command = plan

  variables {
    schedule = { cron = "0 3 * *" }
  }

  expect_failures = [var.schedule]
}
