resource "google_artifact_registry_repository" "images" {
  location      = "europe-west4"
  repository_id = "parity-images"
  format        = "DOCKER"
  description   = "images, step ${var.step}"
  labels        = { step = "s${var.step}" }

  docker_config {
    immutable_tags = var.step == 1
  }

  cleanup_policies {
    id     = "drop-old"
    action = "DELETE"
    condition {
      tag_state  = "UNTAGGED"
      older_than = "2592000s"
    }
  }

  cleanup_policies {
    id     = "keep-recent"
    action = "KEEP"
    most_recent_versions {
      keep_count = 5 + var.step
    }
  }
}

resource "google_artifact_registry_repository" "pipelines" {
  provider      = google.dr
  location      = "europe-west1"
  repository_id = "parity-pipelines"
  format        = "KFP"
}

resource "google_artifact_registry_repository_iam_member" "reader" {
  location   = google_artifact_registry_repository.images.location
  repository = google_artifact_registry_repository.images.name
  role       = "roles/artifactregistry.reader"
  member     = google_service_account.identity.member
}
