module "staging" {
  source = "../artifact-bucket"

  force_destroy = !var.deletion_protection
  iam = merge([
    for name, may in module.entry_points.identities : {
      for verb, grant in may.staging : "${name} ${verb}" => {
        member = local.own[name]
        role   = grant.role
        under  = grant.under
      }
    }
  ]...)
  labels   = module.names.labels
  location = { name = local.side.region }
  name     = local.side.staging_bucket
  project  = var.project
  retention = {
    expire_days = {
      "exports/"   = 7 # by then they are in the artifact bucket
      "in-flight/" = 7 # as long as Cloud Storage goes on with a rewrite
      "journals/"  = var.journal_days
    }
  }
}
