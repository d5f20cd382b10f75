module "names" {
  source = "../names"

  pipeline = var.service.pipeline
  policy   = var.service.policy
  prefix   = var.service.prefix
  project  = var.project
  regions  = var.service.regions
  service  = var.service.name
  side     = var.side
}

locals {
  other_side = var.side == "primary" ? "dr" : "primary"
  side       = module.names.sides[var.side]

  # Identities are made by envs/global and named, not read, here: nothing of the other side is ever asked.
  members = {
    for side, emails in module.names.emails : side => { for account, email in emails : account => "serviceAccount:${email}" }
  }
  own   = local.members[var.side]
  other = local.members[local.other_side]
}
