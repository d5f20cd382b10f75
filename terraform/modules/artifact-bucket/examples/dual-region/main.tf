# The bucket that both sides share: two regions, and one writer that reaches one prefix.
module "artifacts" {
  source = "../.."

  iam = {
    export = {
      member = "serviceAccount:vdr-primary-export-models@demo.iam.gserviceaccount.com"
      role   = "roles/storage.objectCreator"
      under  = ["catalogs/primary/", "models/"]
    }
  }
  location = { name = "EU", data_locations = ["europe-west1", "europe-west4"] }
  name     = "demo-vdr-artifacts"
  project  = "demo"
}
