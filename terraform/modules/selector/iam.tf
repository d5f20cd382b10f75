locals {
  # Firestore knows no policy of its own: a database is granted by a condition on the project's.
  documents = merge(
    { for name, member in var.readers : "${name} reads" => { member = member, role = "roles/datastore.viewer" } },
    { for name, member in var.writers : "${name} writes" => { member = member, role = "roles/datastore.user" } },
  )
  copies = merge(
    { for name, member in var.copy_readers : "${name} reads" => { member = member, role = "roles/secretmanager.secretAccessor" } },
    { for name, member in var.copiers : "${name} adds" => { member = member, role = "roles/secretmanager.secretVersionAdder" } },
  )
}

resource "google_project_iam_member" "documents" {
  for_each = local.documents

  member  = each.value.member
  project = var.project
  role    = each.value.role

  condition {
    expression = "resource.name == \"projects/${var.project}/databases/${var.database.name}\""
    title      = "database ${var.database.name}"
  }
}

resource "google_secret_manager_secret_iam_member" "copies" {
  for_each = local.copies

  member    = each.value.member
  project   = var.project
  role      = each.value.role
  secret_id = google_secret_manager_secret.copies.secret_id
}
