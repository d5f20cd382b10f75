mock_provider "google" {}

run "everybody_reaches_what_it_needs_and_nothing_else" {
  command = plan

  variables {
    clients = { shop = "serviceAccount:shop@demo.iam.gserviceaccount.com" }
  }

  assert {
    condition     = length(module.identities) == 24
    error_message = "${length(module.identities)} identities"
  }
  assert {
    condition     = toset([for account in values(local.accounts) : account.side]) == toset(["dr", "primary"])
    error_message = "identities are ${join(", ", keys(local.accounts))}"
  }

  assert {
    condition     = toset(keys(local.of.controllers)) == toset(["dr assess_regions", "dr fail_over", "dr probe_region", "primary assess_regions", "primary fail_over", "primary probe_region"])
    error_message = "controllers are ${join(", ", keys(local.of.controllers))}"
  }
  assert {
    condition     = length(setintersection(keys(local.of.fenced), keys(merge(local.of.controllers, local.of.recorders)))) == 0
    error_message = "a function that only reads the selector may write it"
  }

  assert {
    condition     = toset(local.artifact_grants["dr export_models publishes"].under) == toset(["catalogs/dr/", "models/"])
    error_message = "dr publishes under ${join(", ", local.artifact_grants["dr export_models publishes"].under)}"
  }
  assert {
    condition     = alltrue([for grant in values(local.artifact_grants) : contains(["roles/storage.objectCreator", "roles/storage.objectViewer"], grant.role)])
    error_message = "somebody may overwrite what is written once"
  }

  assert {
    condition     = local.client_grants == { "client shop" = { member = "serviceAccount:shop@demo.iam.gserviceaccount.com", role = "roles/storage.objectViewer", under = ["selectors/"] } }
    error_message = "clients are granted ${jsonencode(local.client_grants)}"
  }
}
