locals {
  # Function → what it may do under which prefixes of its own side's bucket; each writes its own journals.
  staging_roles = {
    export_models = {
      reads = { role = "objectViewer", under = ["imports/"] } # its catalog lists replicas too
      works = { role = "objectUser", under = ["exports/"] }
    }
    import_models    = { works = { role = "objectUser", under = ["imports/"] } }
    pipeline_runs    = { works = { role = "objectUser", under = ["pipelines/"] } }
    reconcile_models = { reads = { role = "objectViewer", under = ["imports/", "manifests/"] } }
    verify_replicas  = { reads = { role = "objectViewer", under = ["imports/", "manifests/"] } }
  }

  staging_grants = merge(concat(
    [
      for account, grants in local.staging_roles : {
        for verb, grant in grants : "${account} ${verb}" => {
          member = local.own[account]
          role   = "roles/storage.${grant.role}"
          under  = grant.under
        }
      }
    ],
    [
      for account in keys(module.names.function_names) : {
        "${account} keeps its journal" = {
          member = local.own[account]
          role   = "roles/storage.objectCreator"
          # a controller whose receiver is away flips in its own process, and keeps the flip's journal
          under = toset(concat(["journals/${account}/"], contains(["assess_regions", "probe_region"], account) ? ["journals/fail_over/"] : []))
        }
      }
    ],
  )...)
}

module "staging" {
  source = "../artifact-bucket"

  force_destroy = !var.deletion_protection
  iam           = local.staging_grants
  labels        = module.names.labels
  location      = { name = local.place.region }
  name          = local.place.staging_bucket
  project       = var.project
  retention     = { expire_days = { "exports/" = 7 } } # by then they are in the artifact bucket
}
