# primary's images: its own mirror writes here, and dr's mirror, known by its computed address, reads here.
module "images" {
  source = "../.."

  description = "Serving images of primary."
  iam = {
    "mirror writes"      = { member = "serviceAccount:vdr-primary-mirror-images@demo.iam.gserviceaccount.com", role = "roles/artifactregistry.writer" }
    "mirror_of_dr reads" = { member = "serviceAccount:vdr-dr-mirror-images@demo.iam.gserviceaccount.com", role = "roles/artifactregistry.reader" }
  }
  name    = "vdr-images"
  project = "demo"
  region  = "europe-west4"
}
