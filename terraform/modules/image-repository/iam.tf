resource "google_artifact_registry_repository_iam_member" "grant" {
  for_each = var.iam

  location   = google_artifact_registry_repository.images.location
  member     = each.value.member
  project    = var.project
  repository = google_artifact_registry_repository.images.repository_id
  role       = each.value.role
}
