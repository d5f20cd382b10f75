mock_provider "google" {}

run "everybody_reaches_what_it_needs_and_nothing_else" {
  command = plan

  variables {
    clients = { shop = "serviceAccount:shop@demo.iam.gserviceaccount.com" }
  }

  assert {
    condition     = length(module.identities) == 2 * length(module.entry_points.identities)
    error_message = "${length(module.identities)} identities"
  }
  assert {
    condition     = toset([for account in values(local.accounts) : account.side]) == toset(["dr", "primary"])
    error_message = "identities are ${join(", ", keys(local.accounts))}"
  }

  assert {
    condition     = toset(local.artifacts_iam["dr export_models publishes"].under) == toset(["catalogs/dr/", "models/"])
    error_message = "dr publishes under ${join(", ", local.artifacts_iam["dr export_models publishes"].under)}"
  }
  assert {
    condition     = alltrue([for binding in values(local.artifacts_iam) : contains(["roles/storage.objectCreator", "roles/storage.objectViewer"], binding.role)])
    error_message = "somebody may overwrite what is written once"
  }

  assert {
    condition     = local.clients_iam == { "client shop" = { member = "serviceAccount:shop@demo.iam.gserviceaccount.com", role = "roles/storage.objectViewer", under = ["selectors/"] } }
    error_message = "clients are granted ${jsonencode(local.clients_iam)}"
  }
}
