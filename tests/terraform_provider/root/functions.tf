resource "google_cloudfunctions2_function" "scheduled" {
  name        = "parity-scheduled"
  location    = "europe-west4"
  description = "step ${var.step}"
  labels      = { step = "s${var.step}" }

  build_config {
    runtime     = "python311"
    entry_point = "probe_region"
    source {
      storage_source {
        bucket = google_storage_bucket.plain.name
        object = google_storage_bucket_object.file.name
      }
    }
  }

  service_config {
    available_memory               = "${256 * var.step}M"
    timeout_seconds                = 60
    max_instance_count             = 1
    min_instance_count             = 0
    ingress_settings               = "ALLOW_INTERNAL_ONLY"
    all_traffic_on_latest_revision = true
    service_account_email          = google_service_account.identity.email

    environment_variables = {
      VERTEX_DR_SIDE = "primary"
      VERTEX_DR_STEP = tostring(var.step)
    }

    secret_environment_variables {
      key        = "SELECTOR"
      project_id = "demo"
      secret     = google_secret_manager_secret.selector.secret_id
      version    = "latest"
    }
  }
}

resource "google_cloudfunctions2_function" "triggered" {
  name     = "parity-triggered"
  location = "europe-west4"

  build_config {
    runtime     = "python311"
    entry_point = "mirror_images"
    source {
      storage_source {
        bucket = google_storage_bucket.plain.name
        object = google_storage_bucket_object.file.name
      }
    }
  }

  service_config {
    service_account_email = google_service_account.identity.email
  }

  event_trigger {
    event_type            = "google.cloud.pubsub.topic.v1.messagePublished"
    trigger_region        = "europe-west4"
    pubsub_topic          = google_pubsub_topic.gcr.id
    retry_policy          = var.step == 1 ? "RETRY_POLICY_DO_NOT_RETRY" : "RETRY_POLICY_RETRY"
    service_account_email = google_service_account.identity.email
  }
}

resource "google_cloud_run_v2_service_iam_member" "invoker" {
  location = google_cloudfunctions2_function.scheduled.location
  name     = google_cloudfunctions2_function.scheduled.name
  role     = "roles/run.invoker"
  member   = google_service_account.identity.member
}

resource "google_cloud_scheduler_job" "scheduled" {
  name             = "parity-scheduled"
  region           = "europe-west4"
  description      = "step ${var.step}"
  schedule         = "*/${5 * var.step} * * * *"
  time_zone        = "Etc/UTC"
  attempt_deadline = "320s"
  paused           = var.step == 2

  retry_config {
    retry_count          = 1
    min_backoff_duration = "5s"
  }

  http_target {
    http_method = "POST"
    uri         = google_cloudfunctions2_function.scheduled.url
    body        = base64encode("{}")
    headers = {
      Content-Type = "application/json"
    }

    oidc_token {
      service_account_email = google_service_account.identity.email
      audience              = google_cloudfunctions2_function.scheduled.url
    }
  }
}

resource "google_cloud_scheduler_job" "published" {
  name     = "parity-published"
  schedule = "0 3 * * *"

  pubsub_target {
    topic_name = google_pubsub_topic.gcr.id
    data       = base64encode("step ${var.step}")
  }
}
