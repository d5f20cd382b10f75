# Everything of dr; primary is the same call with another side, from a state of its own.
module "side" {
  source = "../.."

  bundle  = "main.tf" # in an environment the zip that make package builds
  project = "demo"
  service = {
    models  = { diagnosis = { alias = "default", machine_type = "n1-standard-2" } }
    name    = "diagnosis"
    regions = { dr = "europe-west1", primary = "europe-west4" }
  }
  side = "dr"
}
