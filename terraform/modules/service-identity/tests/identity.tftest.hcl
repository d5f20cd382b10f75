mock_provider "google" {
  mock_resource "google_service_account" {
    defaults = {
      email  = "vdr-dr-probe-region@demo.iam.gserviceaccount.com"
      member = "serviceAccount:vdr-dr-probe-region@demo.iam.gserviceaccount.com"
      name   = "projects/demo/serviceAccounts/vdr-dr-probe-region@demo.iam.gserviceaccount.com"
    }
  }
}

variables {
  account_id  = "vdr-dr-probe-region"
  description = "Probes both sides for dr."
  project     = "demo"
}

run "an_identity_has_no_role_unless_it_is_given_one" {
  assert {
    condition     = length(google_project_iam_member.role) == 0 && length(google_service_account_iam_member.grant) == 0
    error_message = "roles were granted that nobody asked for"
  }
}

run "project_roles_go_to_the_identity_itself" {
  variables {
    iam_project_roles = { vertex = "roles/aiplatform.user" }
  }

  assert {
    condition     = google_project_iam_member.role["vertex"].member == output.member && google_project_iam_member.role["vertex"].role == "roles/aiplatform.user"
    error_message = "role went to ${google_project_iam_member.role["vertex"].member}"
  }
}

run "who_may_act_as_it_is_granted_on_the_identity_not_on_the_project" {
  variables {
    iam = { starter = { member = "serviceAccount:starter@demo.iam.gserviceaccount.com", role = "roles/iam.serviceAccountUser" } }
  }

  assert {
    condition     = google_service_account_iam_member.grant["starter"].role == "roles/iam.serviceAccountUser"
    error_message = "role is ${google_service_account_iam_member.grant["starter"].role}"
  }
  assert {
    condition     = endswith(google_service_account_iam_member.grant["starter"].service_account_id, "/serviceAccounts/${output.email}")
    error_message = "granted on ${google_service_account_iam_member.grant["starter"].service_account_id}"
  }
}

run "a_permission_is_not_a_role" {
  command = plan

  variables {
    iam_project_roles = { predict = "aiplatform.endpoints.predict" }
  }

  expect_failures = [var.iam_project_roles]
}

run "each_bad_value_is_refused_by_its_own_check" {
  command = plan

  variables {
    account_id        = "vdr-primary-publish-many-pipelines"                               # a long account id is refused
    iam               = { all = { member = "user:a@example.com", role = "roles/editor" } } # a role of another service is refused
    iam_project_roles = { everything = "roles/editor" }                                    # a basic role is refused
  }

  expect_failures = [var.account_id, var.iam, var.iam_project_roles]
}
