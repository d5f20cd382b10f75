locals {
  artifacts_iam = merge([
    for name, account in local.accounts : {
      for verb, grant in account.may.artifacts : "${name} ${verb}" => {
        member = module.identities[name].member
        role   = grant.role
        under  = [for prefix in grant.under : replace(prefix, "<side>", account.side)]
      }
    }
  ]...)

  clients_iam = {
    for name, member in var.clients : "client ${name}" => {
      member = member
      role   = "roles/storage.objectViewer"
      under  = ["selectors/"]
    }
  }
}

module "artifacts" {
  source = "../../modules/artifact-bucket"

  force_destroy = !var.deletion_protection
  iam           = merge(local.artifacts_iam, local.clients_iam, local.operator_artifacts)
  labels        = module.names.labels
  location      = { name = var.multi_regions.bucket, data_locations = values(var.service.regions) }
  name          = module.names.artifact_bucket
  project       = var.project
  retention     = { expire_days = { "catalogs/" = 365 } } # export_models publishes a new one each month, so twelve stay

  depends_on = [google_project_service.needed]
}
