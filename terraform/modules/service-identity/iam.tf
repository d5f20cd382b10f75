resource "google_project_iam_member" "role" {
  for_each = var.project_roles

  member  = google_service_account.identity.member
  project = var.project
  role    = each.value
}

resource "google_service_account_iam_member" "acted_as_by" {
  for_each = var.acted_as_by

  member             = each.value
  role               = "roles/iam.serviceAccountUser"
  service_account_id = google_service_account.identity.name
}
