mock_provider "google" {}

variables {
  build       = { identity = "vdr-dr-builds@demo.iam.gserviceaccount.com", repository = "vdr-functions" }
  bundle      = { bucket = "demo-vdr-staging-europe-west1", object = "bundle/d41d8cd98f00b204e9800998ecf8427e.zip" }
  entry_point = "import_models"
  environment = { VERTEX_DR_SIDE = "dr" }
  identity    = "vdr-dr-import-models@demo.iam.gserviceaccount.com"
  name        = "vdr-import-models"
  project     = "demo"
  region      = "europe-west1"
}

run "the_function_is_the_bundle_with_the_sides_settings_and_its_own_identity" {
  assert {
    condition     = google_cloudfunctions2_function.control.build_config[0].source[0].storage_source[0].object == var.bundle.object
    error_message = "source is ${google_cloudfunctions2_function.control.build_config[0].source[0].storage_source[0].object}"
  }
  assert {
    condition     = google_cloudfunctions2_function.control.service_config[0].environment_variables == tomap({ VERTEX_DR_SIDE = "dr" })
    error_message = "environment is ${jsonencode(google_cloudfunctions2_function.control.service_config[0].environment_variables)}"
  }
  assert {
    condition     = google_cloudfunctions2_function.control.service_config[0].service_account_email == var.identity && google_cloudfunctions2_function.control.build_config[0].service_account == "projects/demo/serviceAccounts/${var.build.identity}"
    error_message = "acts as ${google_cloudfunctions2_function.control.service_config[0].service_account_email}"
  }
  assert {
    condition     = google_cloudfunctions2_function.control.service_config[0].min_instance_count == null
    error_message = "an instance stays warm that nobody waits for"
  }
  assert {
    condition     = google_cloudfunctions2_function.control.service_config[0].max_instance_count == 1 && google_cloudfunctions2_function.control.service_config[0].max_instance_request_concurrency == 1
    error_message = "two calls could write at once"
  }
}

run "its_container_goes_to_its_own_repository_and_is_built_in_the_pool_that_is_named" {
  variables {
    build = {
      identity    = "vdr-dr-builds@demo.iam.gserviceaccount.com"
      repository  = "vdr-functions"
      worker_pool = "projects/builds/locations/europe-west1/workerPools/inside"
    }
  }

  assert {
    condition     = google_cloudfunctions2_function.control.build_config[0].docker_repository == "projects/demo/locations/europe-west1/repositories/vdr-functions"
    error_message = "container goes to ${google_cloudfunctions2_function.control.build_config[0].docker_repository}"
  }
  assert {
    condition     = google_cloudfunctions2_function.control.build_config[0].worker_pool == var.build.worker_pool
    error_message = "built in ${google_cloudfunctions2_function.control.build_config[0].worker_pool}"
  }
}

run "without_schedule_nobody_may_call_it" {
  assert {
    condition     = length(google_cloud_scheduler_job.schedule) == 0 && length(google_cloud_run_v2_service_iam_member.grant) == 0
    error_message = "callers are ${join(", ", keys(google_cloud_run_v2_service_iam_member.grant))}"
  }
}

run "a_schedule_calls_as_the_functions_own_identity" {
  variables {
    schedule = { cron = "5-59/15 * * * *" }
  }

  assert {
    condition     = google_cloud_scheduler_job.schedule[0].http_target[0].oidc_token[0].service_account_email == var.identity
    error_message = "calls as ${google_cloud_scheduler_job.schedule[0].http_target[0].oidc_token[0].service_account_email}"
  }
  assert {
    condition     = google_cloud_scheduler_job.schedule[0].http_target[0].oidc_token[0].audience == output.url && google_cloud_scheduler_job.schedule[0].http_target[0].uri == output.url
    error_message = "audience is ${google_cloud_scheduler_job.schedule[0].http_target[0].oidc_token[0].audience}"
  }
  assert {
    condition     = google_cloud_run_v2_service_iam_member.grant["schedule"].member == "serviceAccount:${var.identity}" && google_cloud_run_v2_service_iam_member.grant["schedule"].role == "roles/run.invoker"
    error_message = "its schedule would be turned away"
  }
  assert {
    condition     = google_cloudfunctions2_function.control.service_config[0].ingress_settings == "ALLOW_INTERNAL_ONLY"
    error_message = "ingress is ${google_cloudfunctions2_function.control.service_config[0].ingress_settings}"
  }
  assert {
    condition     = google_cloud_scheduler_job.schedule[0].attempt_deadline == "540s"
    error_message = "the schedule gives up after ${google_cloud_scheduler_job.schedule[0].attempt_deadline}"
  }
}

run "a_hand_over_is_granted_on_this_function_only" {
  variables {
    iam     = { probe_region = { member = "serviceAccount:p@demo.iam.gserviceaccount.com", role = "roles/run.invoker" } }
    ingress = "ALLOW_ALL"
    limits  = { min_instances = 1 }
  }

  assert {
    condition     = google_cloudfunctions2_function.control.service_config[0].min_instance_count == 1
    error_message = "a hand-over would wait for a cold start"
  }

  assert {
    condition     = google_cloudfunctions2_function.control.service_config[0].ingress_settings == "ALLOW_ALL"
    error_message = "a hand-over from outside any VPC would not arrive"
  }

  assert {
    condition     = google_cloud_run_v2_service_iam_member.grant["probe_region"].name == "vdr-import-models" && length(google_cloud_run_v2_service_iam_member.grant) == 1
    error_message = "callers are ${join(", ", keys(google_cloud_run_v2_service_iam_member.grant))}"
  }
}

run "each_bad_value_is_refused_by_its_own_check" {
  command = plan

  variables {
    build       = { identity = "b@demo.iam.gserviceaccount.com", repository = "vdr-functions", worker_pool = "inside" } # a pool without project and region is refused
    bundle      = { bucket = "demo-vdr-staging-europe-west1", object = "bundle/latest.zip" }                            # a bundle that is not named by its content is refused
    iam         = { world = { member = "allUsers", role = "roles/run.invoker" } }                                       # a public function is refused
    ingress     = "ALLOW_INTERNAL_AND_GCLB"                                                                             # nothing stands behind a load balancer
    entry_point = "import-models"                                                                                       # an entry point with hyphens is refused
    limits      = { timeout_seconds = 3600 }                                                                            # a call longer than the scheduler waits is refused
    name        = "vdr_import_models"                                                                                   # a name with underscores is refused
    schedule    = { cron = "0 */15 * * * *" }                                                                           # a schedule of six fields is refused
  }

  expect_failures = [var.build, var.bundle, var.entry_point, var.iam, var.ingress, var.limits, var.name, var.schedule]
}
