locals {
  # Function → what it may do under which prefixes of the shared bucket. Creating is not overwriting: without
  # delete permission nobody can replace an object, which is what write-once rests on.
  artifact_roles = merge(
    {
      for account in local.controllers : account => {
        copies = { role = "objectCreator", under = ["selectors/"] }
        reads  = { role = "objectViewer", under = ["golden/", "selectors/"] }
      }
    },
    {
      export_models = {
        publishes = { role = "objectCreator", under = ["catalogs/", "models/"] }
        reads     = { role = "objectViewer", under = ["catalogs/", "models/"] }
      }
      import_models    = { reads = { role = "objectViewer", under = ["catalogs/", "models/"] } }
      mirror_images    = { reads = { role = "objectViewer", under = ["catalogs/"] } }
      reconcile_models = { reads = { role = "objectViewer", under = ["catalogs/"] } }
      verify_replicas  = { reads = { role = "objectViewer", under = ["catalogs/", "models/"] } }
    },
  )

  artifact_grants = merge(flatten([
    for side in keys(module.names.sides) : [
      for account, grants in local.artifact_roles : {
        for verb, grant in grants : "${side} ${account} ${verb}" => {
          member = module.identities["${side} ${account}"].member
          role   = "roles/storage.${grant.role}"
          # a catalog says what its own side held; nobody writes the other's
          under = [for prefix in grant.under : verb == "publishes" && prefix == "catalogs/" ? "catalogs/${side}/" : prefix]
        }
      }
    ]
  ])...)

  client_grants = {
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
  iam           = merge(local.artifact_grants, local.client_grants)
  labels        = module.names.labels
  location      = { name = var.multi_regions.bucket, data_locations = values(var.service.regions) }
  name          = module.names.artifact_bucket
  project       = var.project

  depends_on = [google_project_service.needed]
}
