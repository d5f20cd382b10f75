mock_provider "google" {}

variables {
  location = { name = "EU", data_locations = ["europe-west1", "europe-west4"] }
  name     = "demo-vdr-artifacts"
  project  = "demo"
}

run "a_dual_region_bucket_names_both_regions_in_capitals" {
  assert {
    condition     = google_storage_bucket.artifacts.custom_placement_config[0].data_locations == toset(["EUROPE-WEST1", "EUROPE-WEST4"])
    error_message = "data locations are ${jsonencode(google_storage_bucket.artifacts.custom_placement_config)}"
  }
  assert {
    condition     = google_storage_bucket.artifacts.location == "EU" && google_storage_bucket.artifacts.rpo == "ASYNC_TURBO"
    error_message = "location ${google_storage_bucket.artifacts.location}, rpo ${google_storage_bucket.artifacts.rpo}"
  }
}

run "a_regional_bucket_has_no_placement" {
  variables {
    location = { name = "europe-west4" }
  }

  assert {
    condition     = length(google_storage_bucket.artifacts.custom_placement_config) == 0 && google_storage_bucket.artifacts.location == "EUROPE-WEST4"
    error_message = "location ${google_storage_bucket.artifacts.location}"
  }
}

run "nothing_is_public_and_nothing_is_lost_at_once" {
  assert {
    condition     = google_storage_bucket.artifacts.public_access_prevention == "enforced" && google_storage_bucket.artifacts.uniform_bucket_level_access
    error_message = "the bucket could become public"
  }
  assert {
    condition     = google_storage_bucket.artifacts.versioning[0].enabled && google_storage_bucket.artifacts.soft_delete_policy[0].retention_duration_seconds == 604800
    error_message = "an overwrite or a delete would be final"
  }
  assert {
    condition     = !google_storage_bucket.artifacts.force_destroy
    error_message = "a destroy would take the content along"
  }
}

run "an_expiring_prefix_becomes_a_rule_of_its_own" {
  variables {
    retention = { expire_days = { "exports/" = 7 } }
  }

  assert {
    condition     = length(google_storage_bucket.artifacts.lifecycle_rule) == 3
    error_message = "${length(google_storage_bucket.artifacts.lifecycle_rule)} lifecycle rules"
  }
  assert {
    condition     = one(google_storage_bucket.artifacts.lifecycle_rule[0].condition).matches_prefix == tolist(["exports/"])
    error_message = "the first rule is ${jsonencode(google_storage_bucket.artifacts.lifecycle_rule[0])}"
  }
}

run "a_binding_under_a_prefix_reaches_nothing_else" {
  variables {
    iam = {
      export = { member = "serviceAccount:x@demo.iam.gserviceaccount.com", role = "roles/storage.objectCreator", under = ["models/"] }
      reader = { member = "serviceAccount:y@demo.iam.gserviceaccount.com", role = "roles/storage.objectViewer" }
    }
  }

  assert {
    condition     = google_storage_bucket_iam_member.grant["export"].condition[0].expression == "resource.name == \"projects/_/buckets/demo-vdr-artifacts\" || resource.name.startsWith(\"projects/_/buckets/demo-vdr-artifacts/objects/models/\")"
    error_message = "expression is ${google_storage_bucket_iam_member.grant["export"].condition[0].expression}"
  }
  assert {
    condition     = length(google_storage_bucket_iam_member.grant["reader"].condition) == 0
    error_message = "a binding on the whole bucket has a condition"
  }
}

run "each_bad_value_is_refused_by_its_own_check" {
  command = plan

  variables {
    iam       = { export = { member = "user:a@example.com", role = "roles/storage.objectViewer", under = ["models"] } } # a prefix without its slash is refused
    location  = { name = "EU" }                                                                                         # a multi region without its regions is refused
    name      = "Demo"                                                                                                  # a name with capitals is refused
    retention = { soft_delete_days = 2 }                                                                                # a soft delete shorter than a weekend is refused
  }

  expect_failures = [var.iam, var.location, var.name, var.retention]
}

run "each_other_bad_value_is_refused_too" {
  command = plan

  variables {
    iam      = { export = { member = "user:a@example.com", role = "roles/editor" } } # a role of another service is refused
    location = { name = "EU", data_locations = ["europe-west1"] }                    # one region is no dual region
  }

  expect_failures = [var.iam, var.location]
}
