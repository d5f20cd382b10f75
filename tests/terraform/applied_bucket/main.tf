# What pytest-terraform applies: it wants a root module beside the test, and takes variables from TF_VAR_* only.
variable "name" {
  description = "Name of the bucket."
  type        = string
}

module "staging" {
  source = "../../../terraform/modules/artifact-bucket"

  force_destroy = true
  iam = {
    export = {
      member = "serviceAccount:vdr-primary-export-models@demo.iam.gserviceaccount.com"
      role   = "roles/storage.objectUser"
      under  = ["exports/"]
    }
  }
  location  = { name = "europe-west4" }
  name      = var.name
  project   = "demo"
  retention = { expire_days = { "exports/" = 7 } }
}
