locals {
  # Both builds come from files of the repository, as they were when this was applied: a push cannot change what plans
  # it, nor what applies it after the approval.
  builds = {
    apply = { approval = true, config = var.configs.apply, identity = var.identities.deployer }
    plan  = { approval = false, config = var.configs.plan, identity = var.identities.planner }
  }
}

resource "google_cloudbuild_trigger" "build" {
  for_each = local.builds

  description     = each.value.approval ? "Applies what the plan of the same commit says, once it is approved." : "Checks, tests and plans what was pushed."
  location        = var.region
  name            = "${var.prefix}-${each.key}"
  project         = var.project
  service_account = each.value.identity
  substitutions   = var.substitutions

  approval_config {
    approval_required = each.value.approval
  }

  build {
    timeout = each.value.config.timeout

    options {
      dynamic_substitutions = true
      logging               = "CLOUD_LOGGING_ONLY" # a build with an identity of its own says where its log goes
      machine_type          = var.worker_pool == null ? each.value.config.options.machineType : null
      worker_pool           = var.worker_pool
    }

    dynamic "step" {
      for_each = each.value.config.steps

      content {
        env      = lookup(step.value, "env", null)
        id       = step.value.id
        name     = step.value.name
        script   = step.value.script
        wait_for = lookup(step.value, "waitFor", null)
      }
    }
  }

  repository_event_config {
    repository = var.repository

    push {
      branch = var.branch
    }
  }
}
