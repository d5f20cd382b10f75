# Firestore knows no policy of its own: a database is granted by a condition on the project's.
resource "google_project_iam_member" "documents" {
  for_each = var.database.iam

  member  = each.value.member
  project = var.project
  role    = each.value.role

  condition {
    expression = "resource.name == \"projects/${var.project}/databases/${var.database.name}\""
    title      = "database ${var.database.name}"
  }
}

resource "google_secret_manager_secret_iam_member" "copies" {
  for_each = var.secret.iam

  member    = each.value.member
  project   = var.project
  role      = each.value.role
  secret_id = google_secret_manager_secret.copies.secret_id
}
