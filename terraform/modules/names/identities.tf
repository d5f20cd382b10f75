module "entry_points" {
  source = "../functions"
}

locals {
  function_names = { for name in keys(module.entry_points.functions) : name => "${var.prefix}-${replace(name, "_", "-")}" }

  account_ids = {
    for side in local.side_names : side => {
      for name in keys(module.entry_points.identities) : name => "${var.prefix}-${side}-${replace(name, "_", "-")}"
    }
  }
  emails = {
    for side, accounts in local.account_ids : side => {
      for account, id in accounts : account => "${id}@${var.project}.iam.gserviceaccount.com"
    }
  }
}
