# A side's own bucket in its own region; what was exported and has travelled on goes after a week.
module "staging" {
  source = "../.."

  location  = { name = "europe-west1" }
  name      = "demo-vdr-staging-europe-west1"
  project   = "demo"
  retention = { expire_days = { "exports/" = 7 } }
}
