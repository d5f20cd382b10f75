module "entry_points" {
  source = "../../modules/functions"
}

locals {
  # Every identity of both sides with its rights: local.accounts["dr fail_over"].
  accounts = merge([
    for side, ids in module.names.account_ids : {
      for name, id in ids : "${side} ${name}" => { id = id, may = module.entry_points.identities[name], name = name, side = side }
    }
  ]...)
}

# All of them here: a side grants to the other's before the other has ever been applied.
module "identities" {
  source   = "../../modules/service-identity"
  for_each = local.accounts

  account_id  = each.value.id
  description = "vertex-dr: ${replace(each.value.name, "_", " ")} of ${each.value.side}."
  iam = merge(
    {
      for name, may in module.entry_points.identities : name => {
        member = "serviceAccount:${module.names.emails[each.value.side][name]}"
        role   = "roles/iam.serviceAccountUser"
      } if contains(may.acts_as, each.value.name)
    },
    # Who applies could give himself every right anyway; with the tokens he waits until those of others hold.
    { for name, member in var.deployers : "deployer ${name}" => { member = member, role = "roles/iam.serviceAccountTokenCreator" } },
  )
  iam_project_roles = each.value.may.project
  project           = var.project

  depends_on = [google_project_service.needed]
}
