resource "google_cloudfunctions2_function" "control" {
  description = "vertex-dr: ${var.entry_point}."
  labels      = var.labels
  location    = var.region
  name        = var.name
  project     = var.project

  build_config {
    docker_repository = "projects/${var.project}/locations/${var.region}/repositories/${var.build.repository}"
    entry_point       = var.entry_point
    runtime           = "python311"
    service_account   = "projects/${var.project}/serviceAccounts/${var.build.identity}"
    worker_pool       = var.build.worker_pool

    source {
      storage_source {
        bucket = var.bundle.bucket
        object = var.bundle.object
      }
    }
  }

  service_config {
    all_traffic_on_latest_revision   = true
    available_cpu                    = var.limits.cpu
    available_memory                 = var.limits.memory
    environment_variables            = var.environment
    ingress_settings                 = var.ingress
    max_instance_count               = var.limits.max_instances
    max_instance_request_concurrency = 1
    min_instance_count               = var.limits.min_instances
    service_account_email            = var.identity
    timeout_seconds                  = var.limits.timeout_seconds
  }
}
