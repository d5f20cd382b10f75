resource "google_artifact_registry_repository" "mirror" {
  location               = "europe-west4"
  repository_id          = "variants-mirror"
  format                 = "DOCKER"
  mode                   = "REMOTE_REPOSITORY"
  cleanup_policy_dry_run = var.step == 1
  description            = var.step == 1 ? "Gets a description taken away." : null

  remote_repository_config {
    docker_repository {
      public_repository = "DOCKER_HUB"
    }
  }
}

resource "google_artifact_registry_repository" "growing" {
  location      = "europe-west4"
  repository_id = "variants-growing"
  format        = "DOCKER"
  labels        = var.step == 1 ? null : { a = "1" }

  dynamic "cleanup_policies" {
    for_each = var.step == 1 ? [] : ["a", "b"]
    content {
      id     = cleanup_policies.value
      action = "DELETE"
      condition {
        older_than            = "30d"
        tag_prefixes          = ["old"]
        package_name_prefixes = ["x", "y"]
      }
    }
  }
}

resource "google_secret_manager_secret" "rotating" {
  secret_id       = "variants-rotating"
  annotations     = var.step == 1 ? { a = "1", b = "2" } : { b = "3" }
  ttl             = var.step == 1 ? "864000s" : "432000s"
  deletion_policy = "DELETE"

  replication {
    user_managed {
      replicas {
        location = "europe-west4"
      }
    }
  }

  topics {
    name = google_pubsub_topic.stored.id
  }

  dynamic "rotation" {
    for_each = var.step == 1 ? [1] : []
    content {
      rotation_period    = "864000s"
      next_rotation_time = "2099-01-01T00:00:00Z"
    }
  }
}

resource "google_secret_manager_secret_version" "encoded" {
  secret                = google_secret_manager_secret.rotating.id
  secret_data           = base64encode("hidden")
  is_secret_data_base64 = true
  enabled               = var.step == 2
}

resource "google_pubsub_topic" "stored" {
  name   = "variants-stored"
  labels = var.step == 1 ? { a = "1" } : null

  message_storage_policy {
    allowed_persistence_regions = var.step == 1 ? ["europe-west4"] : ["europe-west1", "europe-west4"]
    enforce_in_transit          = var.step == 2
  }
}

resource "google_vertex_ai_endpoint" "growing" {
  name                       = "777"
  display_name               = "growing"
  location                   = "europe-west1"
  region                     = "europe-west1"
  description                = var.step == 1 ? null : "Got a description."
  dedicated_endpoint_enabled = var.step == 2
}

resource "google_service_account" "disabled" {
  account_id   = "variants-disabled"
  display_name = var.step == 1 ? "Gets its name taken away" : null
  description  = var.step == 1 ? null : "Got a description."
  disabled     = var.step == 1
}

resource "google_project_iam_member" "conditional" {
  project = "demo"
  role    = "roles/viewer"
  member  = google_service_account.disabled.member

  condition {
    title       = "until 2099"
    description = "Not forever."
    expression  = "request.time < timestamp(\"2099-01-01T00:00:00Z\")"
  }
}

resource "google_firestore_database" "defaults" {
  name        = "variants"
  location_id = "europe-west4"
  type        = "FIRESTORE_NATIVE"

  delete_protection_state = var.step == 1 ? null : "DELETE_PROTECTION_DISABLED"
  deletion_policy         = "DELETE"
}

resource "google_cloud_scheduler_job" "changing" {
  name             = "variants-changing"
  region           = "europe-west1"
  schedule         = "0 3 * * *"
  time_zone        = var.step == 1 ? "Europe/Amsterdam" : null
  attempt_deadline = var.step == 1 ? "320s" : null
  paused           = var.step == 1

  dynamic "http_target" {
    for_each = var.step == 1 ? [1] : []
    content {
      uri         = "https://example.com"
      http_method = "POST"
      headers     = { X-Purpose = "variants" }
      oauth_token {
        service_account_email = google_service_account.disabled.email
      }
    }
  }

  dynamic "pubsub_target" {
    for_each = var.step == 1 ? [] : [1]
    content {
      topic_name = google_pubsub_topic.stored.id
      attributes = { a = "b" }
    }
  }

  dynamic "retry_config" {
    for_each = var.step == 1 ? [1] : [2]
    content {
      retry_count        = retry_config.value
      max_retry_duration = "60s"
      max_doublings      = 2
    }
  }
}

resource "google_project_service" "run" {
  service                    = "run.googleapis.com"
  disable_on_destroy         = true
  disable_dependent_services = var.step == 2
}
