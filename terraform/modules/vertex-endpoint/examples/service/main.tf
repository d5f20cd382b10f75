# An empty endpoint that waits for its first deployment.
module "endpoint" {
  source = "../.."

  display_name = "diagnosis"
  id           = "4120070961"
  project      = "demo"
  region       = "europe-west1"
}
