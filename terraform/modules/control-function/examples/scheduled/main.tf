# Publishes primary's model versions every quarter of an hour.
module "export_models" {
  source = "../.."

  build       = { identity = "vdr-primary-builds@demo.iam.gserviceaccount.com", repository = "vdr-functions" }
  bundle      = { bucket = "demo-vdr-staging-europe-west4", object = "bundle/d41d8cd98f00b204e9800998ecf8427e.zip" }
  entry_point = "export_models"
  environment = { VERTEX_DR_SIDE = "primary" }
  identity    = "vdr-primary-export-models@demo.iam.gserviceaccount.com"
  name        = "vdr-export-models"
  project     = "demo"
  region      = "europe-west4"
  schedule    = { cron = "*/15 * * * *" }
}
