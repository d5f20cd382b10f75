locals {
  # Who is handed over to may be away: then the one before does its work in its own process, with its own
  # rights. So all three may flip and write copies; Firestore decides which one did.
  controllers = ["assess_regions", "fail_over", "probe_region"]
  fenced      = ["export_models", "import_models", "mirror_images", "publish_pipelines", "reconcile_models", "run_pipelines"]
  recorders   = ["verify_replicas"]

  of = {
    for group, accounts in { controllers = local.controllers, fenced = local.fenced, recorders = local.recorders } : group => merge([
      for side in keys(module.names.sides) : {
        for account in accounts : "${side} ${account}" => module.identities["${side} ${account}"].member
      }
    ]...)
  }
}

module "selector" {
  source = "../../modules/selector"

  database = {
    iam = merge(
      { for name, member in merge(local.of.fenced, var.clients) : "${name} reads" => { member = member, role = "roles/datastore.viewer" } },
      { for name, member in merge(local.of.controllers, local.of.recorders) : "${name} writes" => { member = member, role = "roles/datastore.user" } },
    )
    location = var.multi_regions.database
    name     = module.names.selector.database
  }
  deletion_protection = var.deletion_protection
  labels              = module.names.labels
  project             = var.project
  secret = {
    iam = merge(
      { for name, member in merge(local.of.controllers, var.clients) : "${name} reads" => { member = member, role = "roles/secretmanager.secretAccessor" } },
      { for name, member in local.of.controllers : "${name} adds" => { member = member, role = "roles/secretmanager.secretVersionAdder" } },
    )
    id = module.names.selector.secret
  }

  depends_on = [google_project_service.needed]
}
