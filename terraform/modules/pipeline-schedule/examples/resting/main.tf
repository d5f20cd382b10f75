# dr's schedule while primary runs the pipelines: there, and resting.
module "schedule" {
  source = "../.."

  function = {
    identity = "vdr-dr-run-pipelines@demo.iam.gserviceaccount.com"
    url      = "https://vdr-run-pipelines-abc-ew.a.run.app"
  }
  name    = "vdr-run-pipelines"
  paused  = true
  project = "demo"
  region  = "europe-west1"
}
