resource "google_storage_bucket" "artifacts" {
  name                        = "demo-parity-artifacts"
  location                    = "EU"
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = true
  rpo                         = "ASYNC_TURBO"
  labels                      = { step = "s${var.step}" }

  custom_placement_config {
    data_locations = ["EUROPE-WEST4", "EUROPE-WEST1"]
  }

  versioning {
    enabled = true
  }

  soft_delete_policy {
    retention_duration_seconds = 604800 * var.step
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      num_newer_versions = 3 + var.step
      with_state         = "ARCHIVED"
    }
  }

  lifecycle_rule {
    action {
      type          = "SetStorageClass"
      storage_class = "NEARLINE"
    }
    condition {
      age                   = 30
      matches_storage_class = ["STANDARD"]
    }
  }
}

resource "google_storage_bucket" "plain" {
  name     = "demo-parity-plain"
  location = "europe-west4"
  project  = "demo"

  dynamic "cors" {
    for_each = var.step == 1 ? [] : [1]
    content {
      origin = ["*"]
      method = ["GET"]
    }
  }
}

resource "google_storage_bucket_object" "manifest" {
  bucket       = google_storage_bucket.artifacts.name
  name         = "manifests/models/diagnosis.json"
  content      = jsonencode({ schema = var.step })
  content_type = "application/json"
}

resource "google_storage_bucket_object" "file" {
  bucket = google_storage_bucket.plain.name
  name   = "bundle/the functions.zip"
  source = "${path.module}/function.zip"

  metadata = {
    origin = "primary-2"
  }
}

resource "google_storage_bucket_iam_member" "reader" {
  bucket = google_storage_bucket.artifacts.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.identity.member
}

resource "google_storage_bucket_iam_member" "writer" {
  bucket = google_storage_bucket.artifacts.name
  role   = "roles/storage.objectUser"
  member = google_service_account.identity.member

  condition {
    title      = "only models"
    expression = "resource.name.startsWith(\"projects/_/buckets/b/objects/models/\")"
  }
}
