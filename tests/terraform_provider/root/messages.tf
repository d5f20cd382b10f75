resource "google_pubsub_topic" "gcr" {
  name                       = "gcr"
  labels                     = { step = "s${var.step}" }
  message_retention_duration = "${86400 * var.step}s"
}

resource "google_pubsub_topic" "plain" {
  name = "parity-plain"

  message_storage_policy {
    allowed_persistence_regions = ["europe-west4", "europe-west1"]
  }
}

resource "google_pubsub_topic_iam_member" "publisher" {
  topic  = google_pubsub_topic.gcr.name
  role   = "roles/pubsub.publisher"
  member = google_service_account.identity.member
}
