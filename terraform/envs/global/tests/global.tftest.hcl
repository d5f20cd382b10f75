mock_provider "google" {}

run "who_is_on_call_may_do_what_the_runbooks_say_and_nothing_else" {
  command = plan

  variables {
    operators     = { night = "group:on-call@example.com" }
    state_project = "demo-state"
  }

  assert {
    condition     = toset(keys(google_project_iam_member.operator)) == toset([for what in ["assets", "imports", "journals", "selector", "settings"] : "night ${what}"])
    error_message = "operators are granted ${join(", ", keys(google_project_iam_member.operator))}"
  }
  assert {
    condition     = google_project_iam_member.operator["night settings"].project == "demo-state" && google_project_iam_member.operator["night assets"].project == "demo"
    error_message = "settings are read in ${google_project_iam_member.operator["night settings"].project}"
  }
  assert {
    condition     = alltrue([for permission in google_project_iam_custom_role.operator.permissions : can(regex("\\.(get|list|predict|downloadArtifacts)$", permission))])
    error_message = "operators may change ${join(", ", google_project_iam_custom_role.operator.permissions)}"
  }
  assert {
    condition     = google_project_iam_member.operator["night journals"].condition[0].expression == "resource.name.startsWith(\"projects/_/buckets/demo-vdr-staging-europe-west1/objects/journals/fail_over/\") || resource.name.startsWith(\"projects/_/buckets/demo-vdr-staging-europe-west4/objects/journals/fail_over/\")"
    error_message = "journals are kept where ${google_project_iam_member.operator["night journals"].condition[0].expression}"
  }
}

run "without_builds_there_is_nobody_to_build" {
  command = plan

  assert {
    condition     = length(module.builders) == 0 && length(module.tools) == 0 && length(google_project_iam_member.state) == 0
    error_message = "builders are ${join(", ", keys(module.builders))}"
  }
}

run "builds_read_the_source_of_their_own_side_and_no_other_bucket" {
  command = plan

  assert {
    condition     = google_project_iam_member.build_sources["dr"].role == "roles/storage.objectViewer" && keys(google_project_iam_member.build_sources) == ["dr", "primary"]
    error_message = "sources are granted by ${google_project_iam_member.build_sources["dr"].role}"
  }
}

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
