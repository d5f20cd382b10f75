mock_provider "google" {}

variables {
  database = { name = "vdr-selector" }
  project  = "demo"
  secret   = { id = "vdr-selector-diagnosis" }
}

run "the_selector_outlives_a_region_and_a_mistake" {
  assert {
    condition     = google_firestore_database.selector.location_id == "eur3" && google_firestore_database.selector.point_in_time_recovery_enablement == "POINT_IN_TIME_RECOVERY_ENABLED"
    error_message = "database in ${google_firestore_database.selector.location_id}"
  }
  assert {
    condition     = google_firestore_database.selector.delete_protection_state == "DELETE_PROTECTION_ENABLED" && google_secret_manager_secret.copies.deletion_protection
    error_message = "the selector can be deleted by one command"
  }
  assert {
    condition     = length(google_secret_manager_secret.copies.replication[0].auto) == 1
    error_message = "the secret could not be written while one of its locations is dark"
  }
}

run "protection_can_be_turned_off_by_name" {
  variables {
    deletion_protection = false
  }

  assert {
    condition     = google_firestore_database.selector.delete_protection_state == "DELETE_PROTECTION_DISABLED" && !google_secret_manager_secret.copies.deletion_protection
    error_message = "protection stayed on"
  }
}

run "a_grant_reaches_this_database_and_this_secret_only" {
  variables {
    database = {
      iam  = { "fail_over writes" = { member = "serviceAccount:f@demo.iam.gserviceaccount.com", role = "roles/datastore.user" } }
      name = "vdr-selector"
    }
    secret = {
      iam = { "fail_over adds" = { member = "serviceAccount:f@demo.iam.gserviceaccount.com", role = "roles/secretmanager.secretVersionAdder" } }
      id  = "vdr-selector-diagnosis"
    }
  }

  assert {
    condition     = google_project_iam_member.documents["fail_over writes"].condition[0].expression == "resource.name == \"projects/demo/databases/vdr-selector\""
    error_message = "expression is ${google_project_iam_member.documents["fail_over writes"].condition[0].expression}"
  }
  assert {
    condition     = google_secret_manager_secret_iam_member.copies["fail_over adds"].secret_id == "vdr-selector-diagnosis" && length(google_secret_manager_secret_iam_member.copies) == 1
    error_message = "grants on secrets are ${jsonencode(google_secret_manager_secret_iam_member.copies)}"
  }
}

run "a_role_of_another_service_is_refused" {
  command = plan

  variables {
    database = { iam = { shop = { member = "user:a@example.com", role = "roles/editor" } }, name = "vdr-selector" }
    secret   = { iam = { shop = { member = "user:a@example.com", role = "roles/editor" } }, id = "vdr-selector-diagnosis" }
  }

  expect_failures = [var.database, var.secret]
}

run "the_default_database_is_refused" {
  command = plan

  variables {
    database = { name = "(default)" }
  }

  expect_failures = [var.database]
}

run "each_bad_value_is_refused_by_its_own_check" {
  command = plan

  variables {
    database = { name = "vdr-selector", location = "europe-west4" } # a database in one region is refused
    secret   = { id = "projects/demo/secrets/vdr" }                 # a secret path is not its id
  }

  expect_failures = [var.database, var.secret]
}
