resource "google_service_account" "identity" {
  account_id   = var.account_id
  description  = var.description
  display_name = var.account_id
  project      = var.project
}
