resource "google_secret_manager_secret" "selector" {
  secret_id = "parity-selector"
  labels    = { step = "s${var.step}" }

  annotations = {
    purpose = "selector"
  }

  replication {
    auto {}
  }
}

resource "google_secret_manager_secret" "regional" {
  secret_id = "parity-regional"

  replication {
    user_managed {
      replicas {
        location = "europe-west4"
      }
      replicas {
        location = "europe-west1"
      }
    }
  }
}

resource "google_secret_manager_secret_version" "initial" {
  secret      = google_secret_manager_secret.selector.id
  secret_data = "{\"side\":\"primary\"}"
  enabled     = var.step == 1
}

resource "google_secret_manager_secret_iam_member" "reader" {
  secret_id = google_secret_manager_secret.selector.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.identity.member
}
