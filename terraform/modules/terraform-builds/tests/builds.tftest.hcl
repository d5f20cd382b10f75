mock_provider "google" {}

variables {
  approvers = { owner = "group:owners@example.com" }
  configs = {
    apply = { options = { machineType = "E2_MEDIUM" }, steps = [{ id = "apply", name = "$_TOOLS", script = "make apply" }], timeout = "3600s" }
    plan = {
      options = { machineType = "E2_HIGHCPU_8" }
      steps = [
        { id = "check", name = "$_TOOLS", script = "make check", env = ["A=b"], waitFor = ["-"] },
        { id = "plan", name = "$_TOOLS", script = "make plan-dr", env = [], waitFor = ["check"] },
      ]
      timeout = "3600s"
    }
  }
  identities = {
    deployer = "projects/demo/serviceAccounts/vdr-deployer@demo.iam.gserviceaccount.com"
    planner  = "projects/demo/serviceAccounts/vdr-planner@demo.iam.gserviceaccount.com"
  }
  prefix        = "vdr"
  project       = "demo"
  region        = "europe-west1"
  repository    = "projects/demo/locations/europe-west1/connections/github/repositories/vertex-dr"
  substitutions = { _TOOLS = "europe-docker.pkg.dev/demo/vdr-tools/vertex-dr:1" }
}

run "only_the_apply_waits_for_an_approval_and_only_it_may_change_anything" {
  command = plan

  assert {
    condition     = google_cloudbuild_trigger.build["apply"].approval_config[0].approval_required && !google_cloudbuild_trigger.build["plan"].approval_config[0].approval_required
    error_message = "approvals are ${jsonencode({ for name, trigger in google_cloudbuild_trigger.build : name => trigger.approval_config[0].approval_required })}"
  }
  assert {
    condition     = google_cloudbuild_trigger.build["apply"].service_account == var.identities.deployer && google_cloudbuild_trigger.build["plan"].service_account == var.identities.planner
    error_message = "the plan acts as ${google_cloudbuild_trigger.build["plan"].service_account}"
  }
  assert {
    condition     = google_project_iam_member.approver["owner"].role == "roles/cloudbuild.builds.approver"
    error_message = "approvers have ${google_project_iam_member.approver["owner"].role}"
  }
}

run "a_build_is_the_file_and_logs_to_cloud_logging" {
  command = plan

  assert {
    condition     = [for step in google_cloudbuild_trigger.build["plan"].build[0].step : "${step.id}: ${step.script}"] == ["check: make check", "plan: make plan-dr"]
    error_message = "steps are ${jsonencode(google_cloudbuild_trigger.build["plan"].build[0].step)}"
  }
  assert {
    condition     = google_cloudbuild_trigger.build["plan"].build[0].options[0].logging == "CLOUD_LOGGING_ONLY" && google_cloudbuild_trigger.build["plan"].build[0].options[0].machine_type == "E2_HIGHCPU_8"
    error_message = "options are ${jsonencode(google_cloudbuild_trigger.build["plan"].build[0].options)}"
  }
}

run "a_private_pool_has_its_own_machines" {
  command = plan

  variables {
    worker_pool = "projects/demo/locations/europe-west1/workerPools/inside"
  }

  assert {
    condition     = google_cloudbuild_trigger.build["apply"].build[0].options[0].worker_pool == var.worker_pool && google_cloudbuild_trigger.build["apply"].build[0].options[0].machine_type == null
    error_message = "options are ${jsonencode(google_cloudbuild_trigger.build["apply"].build[0].options)}"
  }
}

run "each_bad_value_is_refused_by_its_own_check" {
  command = plan

  variables {
    approvers     = {}                                                 # nobody could approve
    identities    = { deployer = "one", planner = "one" }              # the plan could apply
    repository    = "github.com/owner/name"                            # not a connected repository
    substitutions = { TOOLS = "europe-docker.pkg.dev/demo/tools/x:1" } # a name that Cloud Build keeps for its own
  }

  expect_failures = [var.approvers, var.identities, var.repository, var.substitutions]
}
