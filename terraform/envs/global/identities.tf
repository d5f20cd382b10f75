locals {
  # Vertex AI knows no smaller scope than the project for its registry, and no smaller role than user for
  # export, upload, deployment and prediction.
  project_roles = {
    assess_regions    = { vertex = "roles/aiplatform.user" } # predicts before it decides
    builds            = { build = "roles/cloudbuild.builds.builder" }
    export_models     = { vertex = "roles/aiplatform.user" }
    fail_over         = { vertex = "roles/aiplatform.user" } # proves the flip by a prediction
    import_models     = { vertex = "roles/aiplatform.user" }
    mirror_images     = {}
    pipeline_runs     = { vertex = "roles/aiplatform.user" }
    probe_region      = { vertex = "roles/aiplatform.user" } # predicts on both sides
    publish_pipelines = {}
    reconcile_models  = { vertex = "roles/aiplatform.user" }
    run_pipelines     = { vertex = "roles/aiplatform.user" }
    verify_replicas   = { vertex = "roles/aiplatform.viewer" }
  }

  accounts = merge([
    for side, ids in module.names.account_ids : {
      for account, id in ids : "${side} ${account}" => { account = account, id = id, side = side }
    }
  ]...)
}

# All identities of both sides, here: a side grants to the other's before the other has ever been applied.
module "identities" {
  source   = "../../modules/service-identity"
  for_each = local.accounts

  account_id        = each.value.id
  iam               = each.value.account == "pipeline_runs" ? { run_pipelines = { member = local.members["${each.value.side} run_pipelines"], role = "roles/iam.serviceAccountUser" } } : {}
  description       = "vertex-dr: ${replace(each.value.account, "_", " ")} of ${each.value.side}."
  project           = var.project
  iam_project_roles = local.project_roles[each.value.account]

  depends_on = [google_project_service.needed]
}
