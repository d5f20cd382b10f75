resource "google_storage_bucket" "artifacts" {
  force_destroy               = var.force_destroy
  labels                      = var.labels
  location                    = upper(var.location.name) # Cloud Storage answers in capitals; anything else would be a replacement
  name                        = var.name
  project                     = var.project
  public_access_prevention    = "enforced"
  rpo                         = var.location.data_locations == null ? null : "ASYNC_TURBO" # the other region has it within 15 minutes
  uniform_bucket_level_access = true

  dynamic "custom_placement_config" {
    for_each = var.location.data_locations == null ? [] : [var.location.data_locations]

    content {
      data_locations = [for region in custom_placement_config.value : upper(region)]
    }
  }

  dynamic "lifecycle_rule" {
    for_each = var.retention.expire_days

    content {
      action {
        type = "Delete"
      }
      condition {
        age            = lifecycle_rule.value
        matches_prefix = [lifecycle_rule.key]
        with_state     = "LIVE"
      }
    }
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      days_since_noncurrent_time = var.retention.noncurrent_days
      with_state                 = "ARCHIVED"
    }
  }

  lifecycle_rule {
    action {
      type = "AbortIncompleteMultipartUpload"
    }
    condition {
      age = 1
    }
  }

  soft_delete_policy {
    retention_duration_seconds = var.retention.soft_delete_days * 24 * 60 * 60
  }

  versioning {
    enabled = true
  }
}
