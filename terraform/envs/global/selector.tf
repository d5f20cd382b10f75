module "selector" {
  source = "../../modules/selector"

  database = {
    iam = merge(
      { for name, member in var.clients : "${name} reads" => { member = member, role = "roles/datastore.viewer" } },
      [
        for name, account in local.accounts : {
          for verb, role in account.may.selector : "${name} ${verb}" => { member = module.identities[name].member, role = role }
        }
      ]...
    )
    location = var.multi_regions.database
    name     = module.names.selector.database
  }
  deletion_protection = var.deletion_protection
  labels              = module.names.labels
  project             = var.project
  secret = {
    iam = merge(
      { for name, member in var.clients : "${name} reads" => { member = member, role = "roles/secretmanager.secretAccessor" } },
      { for name, member in var.operators : "operator ${name} adds" => { member = member, role = "roles/secretmanager.secretVersionAdder" } },
      { for name, member in var.operators : "operator ${name} reads" => { member = member, role = "roles/secretmanager.secretAccessor" } },
      [
        for name, account in local.accounts : {
          for verb, role in account.may.selector_copies : "${name} ${verb}" => { member = module.identities[name].member, role = role }
        }
      ]...
    )
    id = module.names.selector.secret
  }

  depends_on = [google_project_service.needed]
}
