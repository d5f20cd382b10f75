resource "google_artifact_registry_repository" "images" {
  description   = var.description
  format        = var.format
  labels        = var.labels
  location      = var.region
  project       = var.project
  repository_id = var.name
}
