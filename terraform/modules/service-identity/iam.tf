resource "google_project_iam_member" "role" {
  for_each = var.iam_project_roles

  member  = google_service_account.identity.member
  project = var.project
  role    = each.value
}

resource "google_service_account_iam_member" "grant" {
  for_each = var.iam

  member             = each.value.member
  role               = each.value.role
  service_account_id = google_service_account.identity.name
}
