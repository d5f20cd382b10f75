# What pytest-terraform applies: it wants a root module beside the test, and takes variables from TF_VAR_* only.
variable "name" {
  description = "Name of the bucket."
  type        = string
}

# A policy names nobody who does not exist.
resource "google_service_account" "export" {
  account_id = "applied-export"
  project    = "demo"
}

module "staging" {
  source = "../../../terraform/modules/artifact-bucket"

  force_destroy = true
  iam = {
    export = {
      member = google_service_account.export.member
      role   = "roles/storage.objectUser"
      under  = ["exports/"]
    }
  }
  location  = { name = "europe-west4" }
  name      = var.name
  project   = "demo"
  retention = { expire_days = { "exports/" = 7 } }
}
