# One function flips, one application reads.
module "selector" {
  source = "../.."

  copiers      = { fail_over = "serviceAccount:vdr-dr-fail-over@demo.iam.gserviceaccount.com" }
  copy_readers = { shop = "serviceAccount:shop@demo.iam.gserviceaccount.com" }
  database     = { name = "vdr-selector" }
  project      = "demo"
  readers      = { shop = "serviceAccount:shop@demo.iam.gserviceaccount.com" }
  secret       = "vdr-selector-diagnosis"
  writers      = { fail_over = "serviceAccount:vdr-dr-fail-over@demo.iam.gserviceaccount.com" }
}
