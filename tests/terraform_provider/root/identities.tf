resource "google_service_account" "identity" {
  account_id   = "parity-identity"
  display_name = "Parity ${var.step}"
}

resource "google_service_account" "other" {
  account_id  = "parity-other"
  description = "Acts for nobody."
  disabled    = var.step == 2
}

resource "google_service_account_iam_member" "acts_as" {
  service_account_id = google_service_account.identity.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.other.member
}

resource "google_project_iam_member" "user" {
  for_each = toset(["roles/aiplatform.user", "roles/logging.logWriter"])

  project = "demo"
  role    = each.key
  member  = google_service_account.identity.member
}

resource "google_project_service" "aiplatform" {
  service            = "aiplatform.googleapis.com"
  disable_on_destroy = var.step == 2
}

data "google_project" "current" {
}

data "google_client_config" "current" {
}

output "project_number" {
  value = data.google_project.current.number
}

output "client_region" {
  value = data.google_client_config.current.region
}
