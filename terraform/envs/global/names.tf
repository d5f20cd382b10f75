module "names" {
  source = "../../modules/names"

  prefix  = var.prefix
  project = var.project
  regions = var.regions
  service = var.service
}

locals {
  # Every function of both sides as IAM policies name it: local.members["dr fail_over"].
  members = merge([
    for side, emails in module.names.emails : {
      for account, email in emails : "${side} ${account}" => "serviceAccount:${email}"
    }
  ]...)
}
