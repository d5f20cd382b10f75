resource "google_project_iam_member" "approver" {
  for_each = var.approvers

  member  = each.value
  project = var.project
  role    = "roles/cloudbuild.builds.approver"
}
