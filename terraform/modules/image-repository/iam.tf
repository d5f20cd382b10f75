locals {
  grants = merge(
    { for name, member in var.readers : "${name} reads" => { member = member, role = "roles/artifactregistry.reader" } },
    { for name, member in var.writers : "${name} writes" => { member = member, role = "roles/artifactregistry.writer" } },
  )
}

resource "google_artifact_registry_repository_iam_member" "grant" {
  for_each = local.grants

  location   = google_artifact_registry_repository.images.location
  member     = each.value.member
  project    = var.project
  repository = google_artifact_registry_repository.images.repository_id
  role       = each.value.role
}
