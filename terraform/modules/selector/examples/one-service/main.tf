# One function flips, one application reads.
module "selector" {
  source = "../.."

  database = {
    iam = {
      "fail_over writes" = { member = "serviceAccount:vdr-dr-fail-over@demo.iam.gserviceaccount.com", role = "roles/datastore.user" }
      "shop reads"       = { member = "serviceAccount:shop@demo.iam.gserviceaccount.com", role = "roles/datastore.viewer" }
    }
    name = "vdr-selector"
  }
  project = "demo"
  secret = {
    iam = {
      "fail_over adds" = { member = "serviceAccount:vdr-dr-fail-over@demo.iam.gserviceaccount.com", role = "roles/secretmanager.secretVersionAdder" }
      "shop reads"     = { member = "serviceAccount:shop@demo.iam.gserviceaccount.com", role = "roles/secretmanager.secretAccessor" }
    }
    id = "vdr-selector-diagnosis"
  }
}
