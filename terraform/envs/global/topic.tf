# Artifact Registry publishes each push to a topic of exactly this name, if the project has one.
resource "google_pubsub_topic" "pushes" {
  labels  = module.names.labels
  name    = "gcr"
  project = var.project

  depends_on = [google_project_service.needed]
}
