# primary's images: its own mirror writes here, and dr's mirror, known by its computed address, reads here.
module "images" {
  source = "../.."

  description = "Serving images of primary."
  name        = "vdr-images"
  project     = "demo"
  readers     = { mirror_of_dr = "serviceAccount:vdr-dr-mirror-images@demo.iam.gserviceaccount.com" }
  region      = "europe-west4"
  writers     = { mirror = "serviceAccount:vdr-primary-mirror-images@demo.iam.gserviceaccount.com" }
}
