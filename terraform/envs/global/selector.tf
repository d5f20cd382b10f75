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

  copiers             = local.of.controllers
  copy_readers        = merge(local.of.controllers, var.clients)
  database            = { name = module.names.selector.database, location = var.multi_regions.database }
  deletion_protection = var.deletion_protection
  labels              = module.names.labels
  project             = var.project
  readers             = merge(local.of.fenced, var.clients)
  secret              = module.names.selector.secret
  writers             = merge(local.of.controllers, local.of.recorders)

  depends_on = [google_project_service.needed]
}
