resource "google_project_iam_custom_role" "reader" {
  role_id     = "parityReader"
  title       = "Reads ${var.step}"
  description = "Reads models."
  permissions = ["aiplatform.models.get", "aiplatform.models.list"]
}

resource "google_cloudbuild_trigger" "plan" {
  name            = "parity-plan"
  location        = "europe-west1"
  description     = "step ${var.step}"
  service_account = google_service_account.identity.name
  substitutions   = { _STEP = tostring(var.step) }

  approval_config {
    approval_required = var.step == 1
  }

  build {
    timeout = "3600s"

    options {
      dynamic_substitutions = true
      logging               = "CLOUD_LOGGING_ONLY"
      machine_type          = "E2_MEDIUM"
    }

    step {
      id     = "check"
      name   = "$_TOOLS"
      script = "make check"
    }

    step {
      env      = ["STEP=$_STEP"]
      id       = "plan"
      name     = "$_TOOLS"
      script   = "make plan-dr"
      wait_for = ["check"]
    }
  }

  repository_event_config {
    repository = "projects/demo/locations/europe-west1/connections/github/repositories/vertex-dr"

    push {
      branch = "^main$"
    }
  }
}
