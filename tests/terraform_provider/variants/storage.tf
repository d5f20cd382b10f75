# Step 1 configures what step 2 takes away, and the other way round.

resource "google_storage_bucket" "shrinking" {
  name                        = "demo-variants-shrinking"
  location                    = "europe-west4"
  storage_class               = var.step == 1 ? "STANDARD" : "NEARLINE"
  uniform_bucket_level_access = true
  requester_pays              = var.step == 2
  default_event_based_hold    = var.step == 1
  force_destroy               = true
  labels                      = var.step == 1 ? { a = "1", b = "2" } : { b = "2" }

  dynamic "versioning" {
    for_each = var.step == 1 ? [true] : [false]
    content {
      enabled = versioning.value
    }
  }

  dynamic "cors" {
    for_each = var.step == 1 ? [1] : []
    content {
      origin          = ["https://example.com"]
      method          = ["GET", "HEAD"]
      response_header = ["Content-Type"]
      max_age_seconds = 3600
    }
  }

  dynamic "website" {
    for_each = var.step == 1 ? [1] : [2]
    content {
      main_page_suffix = "index${website.value}.html"
    }
  }

  dynamic "retention_policy" {
    for_each = var.step == 1 ? [] : [1]
    content {
      retention_period = 60
    }
  }

  dynamic "lifecycle_rule" {
    for_each = var.step == 1 ? [1, 2, 3] : [3]
    content {
      action {
        type = "Delete"
      }
      condition {
        age                        = lifecycle_rule.value
        days_since_noncurrent_time = 7
        matches_prefix             = ["models/"]
        matches_suffix             = [".json"]
        with_state                 = lifecycle_rule.value == 2 ? "LIVE" : "ANY"
      }
    }
  }
}

resource "google_storage_bucket" "growing" {
  name     = "demo-variants-growing"
  location = "EU"

  dynamic "soft_delete_policy" {
    for_each = var.step == 1 ? [1] : []
    content {
      retention_duration_seconds = 0
    }
  }

  dynamic "lifecycle_rule" {
    for_each = var.step == 1 ? [] : [1]
    content {
      action {
        type = "AbortIncompleteMultipartUpload"
      }
      condition {
        age              = 0
        send_age_if_zero = true
      }
    }
  }

  dynamic "logging" {
    for_each = var.step == 1 ? [] : [1]
    content {
      log_bucket        = "demo-variants-shrinking"
      log_object_prefix = "logs"
    }
  }
}

resource "google_storage_bucket_object" "described" {
  bucket              = google_storage_bucket.growing.name
  name                = "described.json"
  content             = "{}"
  content_type        = "application/json"
  cache_control       = "no-store"
  content_disposition = "attachment"
  content_encoding    = "identity"
  content_language    = "en"
  temporary_hold      = var.step == 3
  metadata            = { a = "b" }
}
